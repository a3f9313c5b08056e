import { expect, test } from 'vitest'
import { type Count, partsOf, requestOf, shorterTo, valuesIn, valuesOf } from './tokens'

const tokenizer = { modelId: 'm', name: 'tiny:1.0.0', digest: '', bytes: 1 }
const tokens = (total: number) => ({ counted: 1, missing: 0, leftOut: 0, total })

test('what is not said is left to the platform', () => {
  const said = (columns: string[]) => JSON.parse(JSON.stringify(requestOf('d', { modelId: 'm', columns })))
  expect([said([]), said(['prompt'])]).toEqual([{ datasetId: 'd', modelId: 'm' }, { datasetId: 'd', modelId: 'm', columns: ['prompt'] }])
})

test('a count is asked for again as it was, or as an address says', () => {
  expect(valuesOf({ tokenizer, columns: ['prompt'] })).toEqual({ modelId: 'm', columns: ['prompt'] })
  expect([valuesIn({ modelId: 'm', columns: 'x' }), valuesIn({ modelId: ['m'] })]).toEqual([{ modelId: 'm', columns: [] }, { modelId: '', columns: [] }])
})

test('one column is not said twice', () => {
  const column = (name: string) => ({ name, conversation: false, tokens: tokens(1) })
  expect(partsOf({ together: tokens(1), columns: [column('a')] }).map(({ name }) => name)).toEqual(['a'])
  expect(partsOf({ together: tokens(2), columns: [column('a'), column('b')] }).map(({ name }) => name)).toEqual([undefined, 'a', 'b'])
})

test('rows that are too long are left out by what was counted', () => {
  const count = { datasetId: 'd', tokenizer, columns: ['a', 'b'], report: { contextLength: 64 } } as Count
  expect(shorterTo(count)).toEqual({ name: 'dataset-derive', params: { id: 'd' }, query: { kind: 'tokens', modelId: 'm', max: '64', column: ['a', 'b'] } })
})
