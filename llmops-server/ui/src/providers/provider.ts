/** What the pages know of other people's models: who runs them, where, and what they are called there. */
import type { Wire } from '@/api/types'

type Model = Wire<'Model'>
export type Credential = Wire<'Credential'>

type Provider = {
  name: string
  /** Where it answers, unless each customer has an address of his own. */
  address?: string
  /** Such an address. */
  example: string
  /** Whether it answers nobody without a key. */
  needsKey: boolean
  /** A name of a model there. */
  model: string
}

const PROVIDERS = {
  openai: { name: 'OpenAI', address: 'https://api.openai.com/v1', example: 'https://api.openai.com/v1', needsKey: true, model: 'gpt-4o-mini' },
  anthropic: { name: 'Anthropic', address: 'https://api.anthropic.com', example: 'https://api.anthropic.com', needsKey: true, model: 'claude-sonnet-4-5' },
  gemini: { name: 'Gemini', address: 'https://generativelanguage.googleapis.com', example: 'https://generativelanguage.googleapis.com', needsKey: true, model: 'gemini-2.5-flash' },
  'azure-openai': { name: 'Azure OpenAI', example: 'https://RESOURCE.openai.azure.com', needsKey: true, model: 'DEPLOYMENT' },
  bedrock: { name: 'Amazon Bedrock', example: 'https://bedrock.us-east-1.amazonaws.com', needsKey: true, model: 'amazon.nova-lite-v1:0' },
  ollama: { name: 'Ollama', address: 'http://localhost:11434', example: 'http://localhost:11434', needsKey: false, model: 'qwen3:8b' },
  'openai-compatible': { name: 'OpenAI-compatible', example: 'https://models.example.com/v1', needsKey: false, model: 'qwen3-8b' },
} satisfies Record<string, Provider>

export type ProviderId = keyof typeof PROVIDERS
export const PROVIDER_IDS = Object.keys(PROVIDERS) as ProviderId[]
export const providerOf = (id: ProviderId): Provider => PROVIDERS[id]
export const isProvider = (id: unknown): id is ProviderId => typeof id === 'string' && id in PROVIDERS
export const nameOf = (id: unknown) => (isProvider(id) ? PROVIDERS[id].name : String(id ?? ''))

export const text = (value: unknown) => (typeof value === 'string' ? value : '')
export const credentialOf = (model: Model) => text(model.metadata.credentialId) || undefined

/** The server of an address: the only one that its key goes to. */
export const originOf = (of: string) => (URL.canParse(of) ? new URL(of).origin : undefined)

/** As many names as are drawn at once. */
export const MOST = 100

/** Those of a provider's models whose name holds a text. */
export const matching = (models: string[], part: string) => models.filter((name) => name.toLowerCase().includes(part.trim().toLowerCase()))
