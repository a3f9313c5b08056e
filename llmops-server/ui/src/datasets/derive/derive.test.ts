import { expect, test } from 'vitest'
import { empty, fieldOf, gistOf, type Operation, outcomeOf, requestOf, valuesOf, type Values, wrongIn } from './derive'
import { named, remedyOf, valuesIn } from './remedy'

const OPERATIONS: Operation[] = [
  { split: { train: 0.8, test: 0.2, stratifyBy: 'topic', seed: 7 } },
  { split: { train: 0.5, validation: 0.5, groupBy: 'user' } },
  { filter: { condition: 'prompt|length > 20' } },
  { map: { columns: [{ name: 'text', template: '{{ prompt }}' }, { name: 'messages', template: '[]', json: true }], keep: true } },
  { dedupe: {} },
  { dedupe: { columns: ['prompt'] } },
  { dedupe: { columns: ['prompt'], near: true } },
  { redact: { piiTypes: ['email'], columns: ['response'], policy: 'public', minConfidence: 0.8 } },
  { sample: { rows: 10, seed: 1 } },
  { sample: { share: 0.1 } },
  { convert: { to: 'csv', safeCells: false } },
  { tokens: { modelId: 'm', columns: ['prompt'], min: 0, max: 64 } },
  { tokens: { modelId: 'm', max: 64 } },
]

test('an operation goes into the form and comes out as it was', () => {
  for (const operation of OPERATIONS) {
    const { datasetId, ...request } = requestOf('one', valuesOf(operation))
    expect([datasetId, request]).toEqual(['one', operation])
    expect(wrongIn(valuesOf(operation))).toEqual({})
  }
})

test('an operation is said in short', () => {
  expect(OPERATIONS.map(gistOf)).toEqual(['0.8 / 0.2', '0.5 / 0.5', 'prompt|length > 20', 'text, messages', '', 'prompt', '≈ prompt', 'response', '10', '0.1', 'csv', '0 – 64', '≤ 64'])
})

const form = (values: Partial<Values>) => ({ ...empty(), ...values })

test('what is wrong is found at its field', () => {
  const of = (values: Partial<Values>) => Object.entries(wrongIn(form(values))).map(([field, key]) => `${field}: ${key.split('.').at(-1)}`)
  expect(of({})).toEqual([])
  expect(of({ test: '0.2' })).toEqual(['split: sumWrong'])
  expect(of({ train: '1', validation: '', test: '' })).toEqual(['split: twoParts'])
  expect(of({ train: 'x', validation: '0.5', test: '0.5' })).toEqual(['train: shareWrong'])
  expect(of({ spread: 'groupBy' })).toEqual(['spreadBy: needed'])
  expect(of({ seed: '-1' })).toEqual(['seed: seedWrong'])
  expect(of({ kind: 'filter' })).toEqual(['condition: needed'])
  expect(of({ kind: 'map' })).toEqual(['mapped.0.name: needed'])
  expect(of({ kind: 'sample' })).toEqual(['rows: needed'])
  expect(of({ kind: 'sample', rows: '0' })).toEqual(['rows: rowsWrong'])
  expect(of({ kind: 'sample', by: 'share', share: '2' })).toEqual(['share: shareWrong'])
  expect(of({ kind: 'tokens' })).toEqual(['modelId: needed', 'min: boundNeeded'])
  expect(of({ kind: 'tokens', modelId: 'm', min: '9', max: '1.5' })).toEqual(['max: tokensWrong', 'min: boundsWrong'])
  expect(of({ kind: 'tokens', modelId: 'm', min: '9', max: '9' })).toEqual([])
  expect(of({ kind: 'redact', minConfidence: '3' })).toEqual(['minConfidence: shareWrong'])
})

test('an error of the server finds its field', () => {
  expect(['split', 'split.stratifyBy', 'split.train', 'filter.condition', 'map.columns[1].template', 'map.columns', 'dedupe.columns', 'tokens.modelId', 'name', undefined].map(fieldOf)).toEqual(
    ['split', 'spreadBy', 'train', 'condition', 'mapped.1.template', 'columns', 'columns', 'modelId', 'name', undefined],
  )
})

test('what will be made is told before', () => {
  const source = { name: 'sums', rows: 200 }
  expect(outcomeOf(form({ validation: '', test: '0.2' }), source)).toEqual([{ name: 'sums-train', rows: 160 }, { name: 'sums-test', rows: 40 }])
  expect(outcomeOf(form({ kind: 'sample', by: 'share', share: '0.1', name: 'few' }), source)).toEqual([{ name: 'few', rows: 20 }])
  expect(outcomeOf(form({ kind: 'filter' }), source)).toEqual([{ name: 'sums', rows: undefined }])
})

test('a recommendation fills in the form', () => {
  const derive = (parameters: Record<string, unknown>) => remedyOf({ name: 'datasets.derive_dataset', parameters: { datasetId: 'one', ...parameters } })
  expect(derive({ redact: { piiTypes: ['phone'], policy: 'public' } })).toEqual({ kind: 'redact', pii: ['phone'], policy: 'public' })
  expect(derive({ dedupe: {} })).toEqual({ kind: 'dedupe' })
  expect(derive({ dedupe: { columns: ['prompt'] } })).toEqual({ kind: 'dedupe', column: ['prompt'] })
  expect(derive({ dedupe: { columns: ['prompt'], near: true } })).toEqual({ kind: 'dedupe', column: ['prompt'], near: 'yes' })
  expect(derive({ filter: { condition: 'answer is not none' } })).toEqual({ kind: 'filter', condition: 'answer is not none' })
  expect(remedyOf({ name: 'datasets.upload_dataset_files', parameters: { datasetId: 'one', replace: true } })).toBeUndefined()
  expect(valuesIn({ kind: 'redact', pii: ['phone', 'nothing'], policy: 'public', columns: ['a'] })).toMatchObject({ kind: 'redact', piiTypes: ['phone'], policy: 'public', columns: ['a'] })
  expect([named('lang'), named('in'), named('a-b')]).toEqual(['lang', 'row["in"]', 'row["a-b"]'])
  expect(valuesIn({ kind: 'tokens', modelId: 'm', max: '64', columns: ['a'] })).toMatchObject({ kind: 'tokens', modelId: 'm', max: '64', min: '', columns: ['a'] })
  expect(valuesIn({ kind: 'dedupe', near: 'yes' })).toMatchObject({ kind: 'dedupe', near: true })
  expect(valuesIn({ kind: 'nothing' }).kind).toBe('split')
})
