/** The form of an import and the request it stands for. Pure. */
import type { Input } from '@/api/types'
import { address, name, semver } from '@/forms/useForm'
import { type Credential, originOf } from '@/providers/provider'
import { HUB } from './import'

export type Values = Record<'repo' | 'revision' | 'name' | 'version' | 'modelFamily' | 'ownerTeam' | 'include' | 'exclude' | 'baseUrl' | 'credentialId', string> & { quarantined: boolean }

/** What an address may fill in: an import that is to be made again. */
const ASKED = ['repo', 'revision', 'name', 'baseUrl', 'credentialId'] as const

export function valuesOf(query: Record<string, unknown>): Values {
  const given = Object.fromEntries(ASKED.map((key) => [key, typeof query[key] === 'string' ? query[key] : '']))
  return { ...(given as Record<(typeof ASKED)[number], string>), version: '', modelFamily: '', ownerTeam: '', include: '', exclude: '', quarantined: false }
}

/** A repository out of what was typed: its name, or the address of its page that somebody copied. */
export const repoOf = (typed: string) => typed.trim().replace(new RegExp(`^${HUB}/`), '').replace(/\/(tree\/main)?$/, '')

/** What a model is called unless somebody says otherwise. */
export const nameOf = (repo: string) => repoOf(repo).split('/').at(-1) ?? ''

const lines = (text: string) => text.split('\n').map((line) => line.trim()).filter(Boolean)

export function requestOf(values: Values): Input<'catalog.import_model'> {
  const said = (text: string) => text.trim() || undefined
  return {
    repo: repoOf(values.repo),
    revision: said(values.revision),
    name: said(values.name),
    version: said(values.version),
    modelFamily: said(values.modelFamily),
    ownerTeam: said(values.ownerTeam),
    include: lines(values.include),
    exclude: lines(values.exclude),
    quarantined: values.quarantined || undefined,
    baseUrl: said(values.baseUrl),
    credentialId: said(values.credentialId),
  }
}

const optional = (check: (text: string) => string | undefined) => (text: string) => (text.trim() ? check(text.trim()) : undefined)
const isRepo = (parts: string[]) => parts.length <= 2 && parts.every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part))
const repo = (typed: string) => (!typed.trim() ? 'forms.needed' : isRepo(repoOf(typed).split('/')) ? undefined : 'imports.repoWrong')
const patterns = (text: string) => (lines(text).length > 50 || lines(text).some((line) => line.length > 256) ? 'imports.patternsWrong' : undefined)

export const checks = { repo, name: optional(name), version: optional(semver), baseUrl: address, include: patterns, exclude: patterns }

/** The stored credentials that may go to the registry of the form. */
export const fitting = (credentials: Credential[], baseUrl: string) => credentials.filter((one) => !one.modelId && one.origin === originOf(baseUrl.trim() || HUB))
