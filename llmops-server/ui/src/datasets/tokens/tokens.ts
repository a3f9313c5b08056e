/** The form of a count of tokens and the request it stands for, both ways; what of it a page shows. Pure. */
import type { Input, Wire } from '@/api/types'
import { givenIn } from '@/transfers/registry'

export type Count = Wire<'TokenCount'>
export type Report = Wire<'TokenReport'>
export type Tokens = Wire<'TokenDistribution'>
export type Values = { modelId: string; columns: string[] }

/** The form as an address fills it in. */
export const valuesIn = (query: Record<string, unknown>): Values => ({ columns: [], ...givenIn(query, ['modelId']) })

/** The form that asks for the same once more. Columns were filled in, so they are said. */
export const valuesOf = ({ tokenizer, columns }: Pick<Count, 'tokenizer' | 'columns'>): Values => ({ modelId: tokenizer.modelId, columns: [...columns] })

export const requestOf = (datasetId: string, { modelId, columns }: Values): Input<'datasets.count_tokens'> => ({ datasetId, modelId, columns: columns.length ? [...columns] : undefined })

/** What was counted: each row's columns together where there are several, then one by one. */
export function partsOf({ together, columns }: Pick<Report, 'together' | 'columns'>): { name?: string; conversation: boolean; tokens: Tokens }[] {
  return [...(columns.length > 1 ? [{ conversation: false, tokens: together }] : []), ...columns]
}

/** The form of a derivation that leaves out the rows the model cannot take whole. */
export const shorterTo = ({ datasetId, tokenizer, columns, report }: Count) => ({
  name: 'dataset-derive', params: { id: datasetId }, query: { kind: 'tokens', modelId: tokenizer.modelId, max: String(report?.contextLength ?? ''), column: columns },
})
