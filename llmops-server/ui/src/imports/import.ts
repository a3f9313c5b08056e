/** What the pages know of imports: columns, filters, states. Pure. */
import type { Wire } from '@/api/types'
import type { Column, Filter } from '@/lists/types'

export type Import = Wire<'ModelImport'>

/** Where the registry answers that is meant when nobody says otherwise. */
export const HUB = 'https://huggingface.co'

export const STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const

export const columns: Column<Import>[] = [
  { id: 'repo', label: 'imports.repo', width: 'minmax(240px, 2fr)', text: (one) => one.repo },
  { id: 'state', label: 'imports.state', width: '120px' },
  { id: 'progress', label: 'imports.progress', width: 'minmax(140px, 1fr)' },
  { id: 'bytes', label: 'imports.bytes', width: '160px', right: true },
  { id: 'model', label: 'imports.model', width: 'minmax(190px, 1fr)' },
  { id: 'from', label: 'imports.registry', width: '170px', extra: true, text: (one) => serverOf(one) },
  { id: 'by', label: 'imports.by', width: '130px', extra: true, text: (one) => one.createdBy },
  { id: 'created', label: 'imports.begun', width: '120px', right: true },
]

export const filters: Filter[] = [
  { id: 'state', label: 'imports.state', kind: 'choice', options: STATES.map((value) => ({ value, label: `atoms.status.${value}` })) },
]

export const isMoving = ({ state }: Pick<Import, 'state'>) => state === 'queued' || state === 'running'
/** Whether nothing more comes, and nothing more is needed. */
export const isOver = ({ state }: Pick<Import, 'state'>) => state === 'succeeded' || state === 'cancelled'
export const shareOf = ({ state, bytes, receivedBytes }: Pick<Import, 'state' | 'bytes' | 'receivedBytes'>) => (state === 'succeeded' ? 1 : receivedBytes / Math.max(1, bytes))
export const serverOf = ({ baseUrl }: Pick<Import, 'baseUrl'>) => (URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl)

/** The same once more, of the commit that the revision means by then. */
export function againTo({ repo, revision, name, baseUrl, credentialId }: Pick<Import, 'repo' | 'revision' | 'name' | 'baseUrl' | 'credentialId'>) {
  return { name: 'model-import', query: { repo, revision, name, ...(baseUrl === HUB ? {} : { baseUrl }), ...(credentialId ? { credentialId } : {}) } }
}
