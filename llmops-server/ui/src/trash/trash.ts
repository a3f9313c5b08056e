/** What the pages know of the trash: its kinds, with their operations, and the columns. */
import type { OpId, Wire } from '@/api/types'
import type { Column } from '@/lists/types'

export type Trashed = Wire<'TrashedItem'>
export type Gone = Wire<'Deletion'>
export const KINDS = ['model', 'dataset'] as const
export type Kind = (typeof KINDS)[number]

export const OPS = {
  model: { list: 'catalog.list_trashed_models', restore: 'catalog.restore_model', purge: 'catalog.purge_model', gone: 'catalog.list_model_deletions', touches: ['catalog.list_trashed_models', 'catalog.list_models', 'catalog.get_model', 'catalog.list_model_versions'] as OpId[] },
  dataset: { list: 'datasets.list_trashed_datasets', restore: 'datasets.restore_dataset', purge: 'datasets.purge_dataset', gone: 'datasets.list_dataset_deletions', touches: ['datasets.list_trashed_datasets', 'datasets.list_datasets', 'datasets.get_dataset', 'datasets.list_dataset_versions'] as OpId[] },
} as const

/** What an operation about one of them takes. */
export const namedIn = (kind: Kind, id: string) => ({ [kind === 'model' ? 'modelId' : 'datasetId']: id }) as { modelId: string; datasetId: string }

/** What goes for good with one of each kind, beside its files: ends of keys of texts. */
export const LOST: Record<Kind, string[]> = { model: ['card', 'reviews'], dataset: ['report', 'reviews'] }

export const columns: Column<Trashed>[] = [
  { id: 'name', label: 'trash.name', width: 'minmax(200px, 2fr)', text: ({ name }) => name },
  { id: 'version', label: 'trash.version', width: '80px', text: ({ version }) => version },
  { id: 'until', label: 'trash.until', width: '120px', right: true },
  { id: 'deleted', label: 'trash.deleted', width: '120px', right: true },
  { id: 'by', label: 'trash.by', width: 'minmax(130px, 1fr)', text: ({ deletedBy }) => deletedBy },
  { id: 'files', label: 'trash.files', width: '70px', right: true },
  { id: 'do', label: 'trash.do', width: '256px', right: true, quiet: true },
]

export const goneColumns: Column<Gone>[] = [
  { id: 'name', label: 'trash.name', width: 'minmax(180px, 2fr)', text: ({ name }) => name },
  { id: 'version', label: 'trash.version', width: '80px', text: ({ version }) => version },
  { id: 'storage', label: 'trash.storage', width: 'minmax(240px, 3fr)' },
  { id: 'files', label: 'trash.files', width: '70px', right: true },
  { id: 'deleted', label: 'trash.deleted', width: '120px', right: true },
  { id: 'by', label: 'trash.by', width: 'minmax(130px, 1fr)', text: ({ deletedBy }) => deletedBy },
]
