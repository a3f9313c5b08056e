/** The form of an import and the request it stands for. Pure. */
import type { Input } from '@/api/types'
import { name, semver } from '@/forms/useForm'
import { checks as shared, givenIn, optional, type RegistryValues, registryIn, repoOf, said } from '@/transfers/registry'

export type Values = RegistryValues & Record<'name' | 'version' | 'modelFamily' | 'ownerTeam' | 'include' | 'exclude', string> & { quarantined: boolean }

/** What an address may fill in: an import that is to be made again. */
const ASKED = ['repo', 'revision', 'name', 'baseUrl', 'credentialId'] as const

export const valuesOf = (query: Record<string, unknown>): Values => ({ ...givenIn(query, ASKED), version: '', modelFamily: '', ownerTeam: '', include: '', exclude: '', quarantined: false })

/** What a model is called unless somebody says otherwise. */
export const nameOf = (repo: string) => repoOf(repo).split('/').at(-1) ?? ''

const lines = (text: string) => text.split('\n').map((line) => line.trim()).filter(Boolean)

export const requestOf = (values: Values): Input<'catalog.import_model'> => ({
  ...registryIn(values),
  name: said(values.name),
  version: said(values.version),
  modelFamily: said(values.modelFamily),
  ownerTeam: said(values.ownerTeam),
  include: lines(values.include),
  exclude: lines(values.exclude),
  quarantined: values.quarantined || undefined,
})

const patterns = (text: string) => (lines(text).length > 50 || lines(text).some((line) => line.length > 256) ? 'imports.patternsWrong' : undefined)

export const checks = { ...shared, name: optional(name), version: optional(semver), include: patterns, exclude: patterns }
