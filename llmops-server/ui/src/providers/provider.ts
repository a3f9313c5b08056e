/** What the pages know of other people's models: who runs them, where, and which key goes there. */
import type { Wire } from '@/api/types'
import { address, needed } from '@/forms/useForm'

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
export const nameOf = (id: unknown) => (typeof id === 'string' && id in PROVIDERS ? PROVIDERS[id as ProviderId].name : String(id ?? ''))

/** Which key is sent: one typed here, the one that is stored already, none, or a stored credential by its id. */
export const [TYPED, KEEP, NONE] = ['typed', 'keep', 'none']

export type ProviderValues = { provider: ProviderId; modelName: string; baseUrl: string; key: string; apiKey: string }
export const BLANK: ProviderValues = { provider: 'openai', modelName: '', baseUrl: '', key: TYPED, apiKey: '' }
/** Stands for a typed key wherever the call is shown. */
const HIDDEN = '…'

const text = (value: unknown) => (typeof value === 'string' ? value : '')
const addressOf = ({ provider, baseUrl }: Pick<ProviderValues, 'provider' | 'baseUrl'>) => baseUrl.trim() || providerOf(provider).address || ''
export const credentialOf = (model: Model) => text(model.metadata.credentialId) || undefined

/** The server of an address: the only one that its key goes to. */
export const originOf = (of: string) => (URL.canParse(of) ? new URL(of).origin : undefined)

/** What a form for an existing model begins with. An address that goes without saying is left to be one. */
export function valuesOf(model: Model): ProviderValues {
  const { provider, modelName, baseUrl } = model.metadata
  const id = text(provider) in PROVIDERS ? (provider as ProviderId) : 'openai-compatible'
  return { provider: id, modelName: text(modelName), baseUrl: baseUrl === providerOf(id).address ? '' : text(baseUrl), key: credentialOf(model) ? KEEP : TYPED, apiKey: '' }
}

/** Whether the stored key would go: it stays with the server that it was given for. */
export function hasMoved(values: ProviderValues, model: Model): boolean {
  return values.provider !== model.metadata.provider || originOf(addressOf(values)) !== originOf(text(model.metadata.baseUrl))
}

/** The stored credentials that may go to the address of the form: those made by themselves for its server. */
export function fitting(credentials: Credential[], values: ProviderValues): Credential[] {
  const origin = originOf(addressOf(values))
  return credentials.filter((one) => !one.modelId && one.origin === origin)
}

/** Which choices of a key there are; what is chosen and is none of them any more gives way to the first. */
export function keyChoices(values: ProviderValues, credentials: Credential[], model?: Model): string[] {
  const had = model && credentialOf(model)
  return [
    ...(had && !hasMoved(values, model) ? [KEEP] : []),
    TYPED,
    ...fitting(credentials, values).filter(({ id }) => id !== had).map(({ id }) => id),
    ...(had && !hasMoved(values, model) && !providerOf(values.provider).needsKey ? [NONE] : []),
  ]
}

/** What is wrong with them, for a form that may be about something else. */
export function checksOf<V extends ProviderValues>(applies: (values: V) => boolean, model?: () => Model) {
  const when = <T>(check: (value: T, values: V) => string | undefined) => (value: T, values: V) => (applies(values) ? check(value, values) : undefined)
  return {
    modelName: when((value: string) => needed(value)),
    baseUrl: when((value: string, { provider }) => (providerOf(provider).address ? address(value) : (needed(value) ?? address(value)))),
    apiKey: when((value: string, values) => {
      const had = model && credentialOf(model()) && !hasMoved(values, model())
      return values.key === TYPED && (had || providerOf(values.provider).needsKey) ? needed(value) : undefined
    }),
  }
}

/** The part of the card that says them. The key is put in as the call goes out, by `withKey`. */
export function cardOf(values: ProviderValues): Record<string, string | null> {
  const { provider, modelName, baseUrl, key, apiKey } = values
  const secret: Record<string, string | null> = key === NONE ? { credentialId: null } : key === TYPED ? (apiKey ? { apiKey: HIDDEN } : {}) : key === KEEP ? {} : { credentialId: key }
  return { provider, modelName: modelName.trim(), baseUrl: baseUrl.trim() || null, ...secret }
}

export function withKey<I extends { metadata?: Record<string, unknown> | null }>(input: I, { apiKey }: ProviderValues): I {
  return input.metadata?.apiKey === HIDDEN ? { ...input, metadata: { ...input.metadata, apiKey: apiKey.trim() } } : input
}

/** As many names as are drawn at once. */
export const MOST = 100

/** Those of a provider's models whose name holds a text. */
export const matching = (models: string[], part: string) => models.filter((name) => name.toLowerCase().includes(part.trim().toLowerCase()))
