/** Models on their way from a registry or to one: what is the same of both, and what each way is called. Pure. */
import type { OpId, Wire } from '@/api/types'
import type { Column, Filter } from '@/lists/types'

export type Import = Wire<'ModelImport'>
export type Export = Wire<'ModelExport'>
export type Transfer = Import | Export
export type Way = 'imports' | 'exports'

/** Where the registry answers that is meant when nobody says otherwise. */
export const HUB = 'https://huggingface.co'

export const STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const

/** Operations and pages of each way. `changes` is what else is another when one of them is over. */
export const WAYS = {
  imports: {
    list: 'catalog.list_model_imports', get: 'catalog.get_model_import', watch: 'catalog.watch_model_import', cancel: 'catalog.cancel_model_import', resume: 'catalog.resume_model_import',
    begin: 'catalog.import_model', page: 'import', form: 'model-import', example: 'models import Qwen/Qwen2.5-0.5B-Instruct',
    changes: ['catalog.list_model_imports', 'catalog.list_models', 'catalog.get_model', 'catalog.list_model_files', 'catalog.list_model_registry_links'] as OpId[],
  },
  exports: {
    list: 'catalog.list_model_exports', get: 'catalog.get_model_export', watch: 'catalog.watch_model_export', cancel: 'catalog.cancel_model_export', resume: 'catalog.resume_model_export',
    begin: 'catalog.export_model', page: 'export', form: 'model-export', example: 'models export tuned:1.0.0 my-team/tuned --credential ID',
    changes: ['catalog.list_model_exports'] as OpId[],
  },
} as const

/** What an operation about one of them takes. */
export const namedIn = (way: Way, id: string) => ({ [way === 'imports' ? 'importId' : 'exportId']: id }) as { importId: string; exportId: string }

export const columnsOf = (way: Way): Column<Transfer>[] => [
  { id: 'repo', label: 'transfers.repo', width: 'minmax(240px, 2fr)', text: (one) => one.repo },
  { id: 'state', label: 'transfers.state', width: '120px' },
  { id: 'progress', label: 'transfers.progress', width: 'minmax(140px, 1fr)' },
  { id: 'bytes', label: way === 'imports' ? 'transfers.imports.bytes' : 'transfers.exports.bytes', width: '160px', right: true },
  { id: 'model', label: 'transfers.model', width: 'minmax(190px, 1fr)' },
  { id: 'from', label: 'transfers.registry', width: '170px', extra: true, text: (one) => serverOf(one) },
  { id: 'by', label: 'transfers.by', width: '130px', extra: true, text: (one) => one.createdBy },
  { id: 'created', label: 'transfers.begun', width: '120px', right: true },
]

export const filters: Filter[] = [
  { id: 'state', label: 'transfers.state', kind: 'choice', options: STATES.map((value) => ({ value, label: `atoms.status.${value}` })) },
]

type Moved = Pick<Import, 'receivedFiles' | 'receivedBytes'> | Pick<Export, 'sentFiles' | 'sentBytes'>
/** What came, or went. */
export const doneOf = (one: Moved) => ('sentBytes' in one ? { files: one.sentFiles, bytes: one.sentBytes } : { files: one.receivedFiles, bytes: one.receivedBytes })

type Standing = Pick<Transfer, 'state'>
export const isMoving = ({ state }: Standing) => state === 'queued' || state === 'running'
/** Whether nothing more comes, and nothing more is needed. */
export const isOver = ({ state }: Standing) => state === 'succeeded' || state === 'cancelled'
export const shareOf = (one: Standing & Pick<Transfer, 'bytes'> & Moved) => (one.state === 'succeeded' ? 1 : doneOf(one).bytes / Math.max(1, one.bytes))
export const serverOf = ({ baseUrl }: Pick<Transfer, 'baseUrl'>) => (URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl)

/** The page that the registry has of a repository, as the Hub and what is like it do. */
export function pageAt({ baseUrl, repo, revision }: Pick<Export, 'baseUrl' | 'repo' | 'revision'>): string | undefined {
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) return undefined
  return `${baseUrl.replace(/\/+$/, '')}/${[...repo.split('/'), 'tree', revision].map(encodeURIComponent).join('/')}`
}

/** The form that asks for the same once more: of an import the commit that the revision means by then, of an export the model as it is. */
export function againTo(way: Way, one: Pick<Transfer, 'repo' | 'revision' | 'name' | 'baseUrl' | 'credentialId' | 'modelId'>) {
  const { repo, revision, baseUrl, credentialId } = one
  const which = way === 'imports' ? { name: one.name } : { modelId: one.modelId ?? undefined }
  return { name: WAYS[way].form, query: { ...which, repo, revision, ...(baseUrl === HUB ? {} : { baseUrl }), ...(credentialId ? { credentialId } : {}) } }
}
