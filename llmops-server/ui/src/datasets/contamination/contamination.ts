/** The form of a contamination check and the request it stands for, both ways; what of it a page shows. Pure. */
import type { Input, Wire } from '@/api/types'
import { givenIn } from '@/transfers/registry'

export type Check = Wire<'ContaminationCheck'>
export type Report = Wire<'ContaminationReport'>
export type Sample = Wire<'ContaminationSample'>
export const KINDS = ['exact', 'ngram', 'near'] as const
export type Kind = (typeof KINDS)[number]

export type Values = { against: string[]; modelId: string; columns: string[]; ngram: string; minOverlap: string; similarity: string }

/** What counts unless somebody says otherwise. */
export const USUAL = { ngram: '13', minOverlap: '0.7', similarity: '0.8' } as const
export const NUMBERS = ['ngram', 'minOverlap', 'similarity'] as const

export const empty = (): Values => ({ against: [], modelId: '', columns: [], ngram: '', minOverlap: '', similarity: '' })

/** The form as an address fills it in. */
export const valuesIn = (query: Record<string, unknown>): Values => ({ ...empty(), ...givenIn(query, ['modelId']), against: [query.against ?? []].flat().filter((id): id is string => typeof id === 'string') })

/** The form that asks for the same once more. Columns were filled in, so they are said. */
export function valuesOf({ method, model, sources }: Pick<Check, 'method' | 'model' | 'sources'>): Values {
  const said = Object.fromEntries(NUMBERS.map((name) => [name, String(method[name]) === USUAL[name] ? '' : String(method[name])])) as Pick<Values, (typeof NUMBERS)[number]>
  return { ...said, columns: [...method.columns], modelId: model?.modelId ?? '', against: model ? [] : sources.map(({ datasetId }) => datasetId) }
}

export function requestOf(datasetId: string, values: Values): Input<'datasets.check_dataset_contamination'> {
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, values[name].trim() && Number.isFinite(Number(values[name])) ? Number(values[name]) : undefined]))
  const some = (list: string[]) => (list.length ? [...list] : undefined)
  return { datasetId, against: some(values.against), modelId: values.modelId || undefined, columns: some(values.columns), ...numbers }
}

const within = (least: number, most: number, whole: boolean, wrong: string) => (text: string) =>
  !text.trim() || (Number(text) >= least && Number(text) <= most && (!whole || Number.isInteger(Number(text)))) ? undefined : wrong
export const checks = {
  against: (ids: string[], { modelId }: Values) => (ids.length > 20 ? 'datasets.contamination.tooMany' : ids.length || modelId ? undefined : 'datasets.contamination.needed'),
  ngram: within(3, 50, true, 'datasets.contamination.ngramWrong'),
  minOverlap: within(0, 1, false, 'datasets.contamination.minOverlapWrong'),
  similarity: within(0.5, 1, false, 'datasets.contamination.similarityWrong'),
}

/** What is looked in, in short: what a line of a list has room for. */
export const gistOf = ({ model, sources }: Pick<Check, 'model' | 'sources'>) => model?.name ?? sources.map(({ name, version }) => `${name} ${version}`).join(', ')
