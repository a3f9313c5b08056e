/** The form of a connection: what is typed, what is wrong with it, and the part of the card that it becomes. */
import type { Wire } from '@/api/types'
import { address, needed } from '@/forms/useForm'
import { type Credential, credentialOf, isProvider, originOf, type ProviderId, providerOf, text } from './provider'

type Model = Wire<'Model'>

/** Which key is sent: one typed here, the one that is stored already, none, or a stored credential by its id. */
export const [TYPED, KEEP, NONE] = ['typed', 'keep', 'none']

export type ProviderValues = { provider: ProviderId; modelName: string; baseUrl: string; key: string; apiKey: string }
export const BLANK: ProviderValues = { provider: 'openai', modelName: '', baseUrl: '', key: TYPED, apiKey: '' }
/** Stands for a typed key wherever the call is shown. */
const HIDDEN = '…'

const addressOf = ({ provider, baseUrl }: Pick<ProviderValues, 'provider' | 'baseUrl'>) => baseUrl.trim() || providerOf(provider).address || ''

/** What a form for an existing model begins with. An address that goes without saying is left to be one. */
export function valuesOf(model: Model): ProviderValues {
  const { provider, modelName, baseUrl } = model.metadata
  const id = isProvider(provider) ? provider : 'openai-compatible'
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
