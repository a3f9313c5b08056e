import { expect, test } from 'vitest'
import { checks, empty, requestOf, valuesIn, valuesOf } from './contamination'
import { sharedIn } from './shared'

const shown = (excerpt: string, sourceExcerpt: string, kind: 'exact' | 'ngram' | 'near' = 'ngram', ngram = 4) =>
  sharedIn({ kind, excerpt, sourceExcerpt }, ngram).map((parts) => parts.map(({ text, shared }) => (shared ? `[${text}]` : text)).join(''))

test('runs of words that both have are marked, whatever their case and punctuation', () => {
  expect(shown('What is the capital of France, now?', 'so WHAT IS: the Capital of france!')).toEqual(['[What is the capital of France], now?', 'so [WHAT IS: the Capital of france]!'])
  expect(shown('a b c d x e f g h', 'a b c d y e f g h')).toEqual(['[a b c d] x [e f g h]', '[a b c d] y [e f g h]'])
})

test('where no run is that long shorter ones are marked, and single words where there are no others', () => {
  expect(shown('one two three four', 'zero one two three', 'near')).toEqual(['[one two three] four', 'zero [one two three]'])
  expect(shown('yes', 'Yes.', 'exact')).toEqual(['[yes]', '[Yes].'])
  expect(shown('this', 'that')).toEqual(['this', 'that'])
  expect(shown('', 'that')).toEqual(['', 'that'].map((text) => text))
})

test('each character of Korean and Chinese is a word', () => {
  expect(shown('프랑스의 수도는?', '질문: 프랑스의수도는')).toEqual(['[프랑스의 수도는]?', '질문: [프랑스의수도는]'])
  expect(shown('法国的首都是', '问：法国的首都', 'ngram', 5)).toEqual(['[法国的首都]是', '问：[法国的首都]'])
})

test('what is not said is left to the platform', () => {
  const said = (more: object) => JSON.parse(JSON.stringify(requestOf('d', { ...empty(), ...more })))
  expect(said({ modelId: 'm' })).toEqual({ datasetId: 'd', modelId: 'm' })
  expect(said({ against: ['a', 'b'], columns: ['prompt'], ngram: ' 8 ', minOverlap: '0', similarity: '0.9' })).toEqual({ datasetId: 'd', against: ['a', 'b'], columns: ['prompt'], ngram: 8, minOverlap: 0, similarity: 0.9 })
})

test('a check is asked for again as it was', () => {
  const source = { datasetId: 'a', name: 'corpus', version: '1.0.0', digest: '' }
  const method = { columns: ['prompt'], ngram: 13, minOverlap: 0.5, similarity: 0.8 }
  expect(valuesOf({ method, sources: [source] })).toEqual({ against: ['a'], modelId: '', columns: ['prompt'], ngram: '', minOverlap: '0.5', similarity: '' })
  expect(valuesOf({ method, sources: [source], model: { modelId: 'm', name: 'tiny:1.0.0', missing: [], truncated: false } })).toMatchObject({ against: [], modelId: 'm' })
  expect([valuesIn({ against: 'a', modelId: 'm' }), valuesIn({ against: ['a', null, 'b'] }).against]).toEqual([{ ...empty(), against: ['a'], modelId: 'm' }, ['a', 'b']])
})

test('somewhere is to be looked in, and numbers are within their bounds', () => {
  expect([checks.against([], empty()), checks.against([], { ...empty(), modelId: 'm' }), checks.against(Array(21).fill('a'), empty())]).toEqual(['datasets.contamination.needed', undefined, 'datasets.contamination.tooMany'])
  expect([checks.ngram(''), checks.ngram('3'), checks.ngram('2'), checks.ngram('3.5'), checks.minOverlap('1.1'), checks.similarity('0.4'), checks.similarity('x')].map(Boolean)).toEqual([false, false, true, true, true, true, true])
})
