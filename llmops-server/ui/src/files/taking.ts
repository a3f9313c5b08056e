/** The things that have files, and the operations that take them in parts. */
export const OF_MODELS = {
  field: 'modelId',
  whole: 'catalog.upload_model_files',
  list: 'catalog.list_model_uploads',
  create: 'catalog.create_model_upload',
  get: 'catalog.get_model_upload',
  part: 'catalog.upload_model_part',
  complete: 'catalog.complete_model_upload',
  abort: 'catalog.abort_model_upload',
} as const

export const OF_DATASETS = {
  field: 'datasetId',
  whole: 'datasets.upload_dataset_files',
  list: 'datasets.list_dataset_uploads',
  create: 'datasets.create_dataset_upload',
  get: 'datasets.get_dataset_upload',
  part: 'datasets.upload_dataset_part',
  complete: 'datasets.complete_dataset_upload',
  abort: 'datasets.abort_dataset_upload',
} as const

export type Taking = typeof OF_MODELS | typeof OF_DATASETS
/** Whose files, by which operations, and what is said of each: whether it replaces another, how it is written. */
export type Taker<T extends Taking = Taking> = { taking: T; id: string; said: Record<string, unknown> }
