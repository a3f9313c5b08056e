/** What the forms of imports and exports have in common: a repository, and the registry that it is in. Pure. */
import { address } from '@/forms/useForm'
import { type Credential, originOf } from '@/providers/provider'
import { HUB } from './transfer'

export type RegistryValues = Record<'repo' | 'revision' | 'baseUrl' | 'credentialId', string>

/** The values that an address may fill in: of one that is to be asked for again. */
export const givenIn = <K extends string>(query: Record<string, unknown>, keys: readonly K[]) =>
  Object.fromEntries(keys.map((key) => [key, typeof query[key] === 'string' ? query[key] : ''])) as Record<K, string>

export const said = (text: string) => text.trim() || undefined
export const optional = (check: (text: string) => string | undefined) => (text: string) => (text.trim() ? check(text.trim()) : undefined)

/** A repository out of what was typed: its name, or the address of its page that somebody copied. */
export const repoOf = (typed: string) => typed.trim().replace(new RegExp(`^${HUB}/`), '').replace(/\/(tree\/main)?$/, '')

export const registryIn = (values: RegistryValues) => ({ repo: repoOf(values.repo), revision: said(values.revision), baseUrl: said(values.baseUrl), credentialId: said(values.credentialId) })

const isRepo = (parts: string[]) => parts.length <= 2 && parts.every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part))
const repo = (typed: string) => (!typed.trim() ? 'forms.needed' : isRepo(repoOf(typed).split('/')) ? undefined : 'transfers.repoWrong')
export const checks = { repo, baseUrl: address }

/** The stored credentials that may go to the registry of the form. */
export const fitting = (credentials: Credential[], baseUrl: string) => credentials.filter((one) => !one.modelId && one.origin === originOf(baseUrl.trim() || HUB))
