import { mergedOf } from './card'
import { expect, test } from 'vitest'
import { partsOf, patchOf, readmeOf, textOf } from './card'

test('a card is shown its needed parts first, its data apart', () => {
  const card = { note: 'n', purpose: 'p', training: { lr: 1 }, scope: '', language: ['en', 'ko'], odd: ['a,b'] }
  const { texts, data } = partsOf(card, ['purpose', 'scope'])
  expect(texts.map(({ key, text }) => [key, text])).toEqual([['purpose', 'p'], ['note', 'n'], ['language', 'en, ko']])
  expect(data).toEqual({ training: { lr: 1 }, odd: ['a,b'] })
})

test('a card that is edited is sent as what changed', () => {
  const before = partsOf({ a: '1', b: '2', c: '3', language: ['en'], license: 'mit' }, []).texts
  const after = { a: '1', b: ' ', c: '4', d: '5', e: '', language: 'en, ko', license: 'mit', task_ids: 'x' }
  expect(patchOf(before, after)).toEqual({ b: null, c: '4', d: '5', language: ['en', 'ko'], task_ids: ['x'] })
  expect(patchOf(before, { a: '1', b: '2', c: '3', license: 'mit' })).toEqual({ language: null })
})

test('the text of a card is what stands below its fields', () => {
  const readmes = ['---\na: 1\n---\n# T\n---\nmore', '---\r\na: 1\r\n---\r\n# T\n', '---\n---\ntext', '# T\n---\n', '---\n{}\n---\n\n# talks\n']
  expect(readmes.map((readme) => textOf(readme, 'talks'))).toEqual(['# T\n---\nmore', '# T\n', 'text', '# T\n---\n', ''])
})

test('a text that begins with dashes stays a text', async () => {
  const text = '---\nno: field\n---\n'
  expect(textOf(await readmeOf(text).text(), 'talks')).toBe(text)
})

test('a newer card goes where nobody wrote', () => {
  const [was, now] = [{ purpose: 'a', scope: 'b' }, { purpose: 'c', scope: 'd', license: 'mit' }]
  expect(mergedOf({ purpose: 'mine', scope: 'b', contact: 'me' }, was, now)).toEqual({ purpose: 'mine', scope: 'd', license: 'mit', contact: 'me' })
})
