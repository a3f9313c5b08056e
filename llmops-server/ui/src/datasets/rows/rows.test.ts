import { expect, test } from 'vitest'
import { beginningOf, glance, turnsIn } from './conversation'

const talk = [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: 'Capital of Texas?' },
  { role: 'assistant', content: 'Austin', weight: 1 },
]

test('a conversation is read from a list, and from the text of a table', () => {
  const turns = [talk[0], talk[1], { role: 'assistant', content: 'Austin', more: { weight: 1 } }]
  expect(turnsIn(talk)).toEqual(turns)
  expect(turnsIn(JSON.stringify(talk))).toEqual(turns)
})

test('what the server takes for no conversation is none', () => {
  for (const value of [
    null, 'text', '[1, 2]', '[{"role": "user"', [], [null], {}, [['user', 'hello']],
    [{ role: 'king', content: 'x' }], [{ role: 'user', content: null }], [{ role: 'user' }], [...talk, 'and so on'],
  ]) expect(turnsIn(value)).toBeUndefined()
})

test('a cell says who says what, and only the beginning of what is long', () => {
  const name = (role: string) => role.toUpperCase()
  expect(glance(talk.slice(1), name)).toBe('USER: Capital of Texas? · ASSISTANT: Austin')
  expect(glance({ a: 1 }, name)).toBe('{"a":1}')
  expect(glance(undefined, name)).toBe('–')
  expect(glance('x'.repeat(5000), name)).toBe(`${'x'.repeat(300)} …`)
})

test('a text is folded when it is long in signs or in lines', () => {
  expect(beginningOf('short\n'.repeat(15))).toBeUndefined()
  expect(beginningOf('line\n'.repeat(40))).toBe(`${'line\n'.repeat(15)}line`)
  expect(beginningOf('x'.repeat(1201))).toHaveLength(1200)
  expect(beginningOf(`${'x'.repeat(1199)}😀 more`)).toBe('x'.repeat(1199))
})
