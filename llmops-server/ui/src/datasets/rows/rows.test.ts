import { expect, test } from 'vitest'
import { beginningOf, glance, turnsIn } from './conversation'

const talk = [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: 'Capital of Texas?' },
  { role: 'assistant', content: 'Austin', weight: 1 },
]

test('a conversation is read from a list, and from the text of a table', () => {
  const turn = (role: string, text: string) => ({ role, pieces: [{ text }], calls: [] })
  const turns = [turn('system', 'Be short.'), turn('user', 'Capital of Texas?'), { ...turn('assistant', 'Austin'), more: { weight: 1 } }]
  expect(turnsIn(talk)).toEqual(turns)
  expect(turnsIn(JSON.stringify(talk))).toEqual(turns)
})

test('what the server takes for no conversation is none', () => {
  for (const value of [
    null, 'text', '[1, 2]', '[{"role": "user"', [], [null], {}, [['user', 'hello']],
    [{ role: 'king', content: 'x' }], [{ role: 'user', content: null }], [{ role: 'user' }], [...talk, 'and so on'],
    [{ role: 'user', content: [{ text: 'x' }] }], [{ role: 'user', content: [{ type: 'text' }] }], [{ role: 'user', content: 5 }],
    [{ role: 'assistant', tool_calls: [{ function: {} }] }], [{ role: 'assistant', tool_calls: {} }], [{ role: 'assistant', tool_calls: [] }],
  ]) expect(turnsIn(value)).toBeUndefined()
})

test('tools that are called, what they answer, and parts that are no text are told apart', () => {
  const image = { type: 'image_url', text: null, image_url: { url: 'https://example.com/a.png' } }
  const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city": "Seoul"}' } }
  const turns = turnsIn([
    { role: 'user', content: [{ type: 'text', text: 'Where?', image_url: null }, image] },
    { role: 'assistant', content: null, tool_calls: [call, { name: 'time', arguments: 'now' }], name: null },
    { role: 'tool', tool_call_id: 'c1', name: 'weather', content: '21' },
    { role: 'assistant', content: null, refusal: 'No.' },
  ])
  expect(turns).toEqual([
    { role: 'user', pieces: [{ text: 'Where?' }, { part: 'image_url', holds: { image_url: image.image_url } }], calls: [] },
    { role: 'assistant', pieces: [], calls: [{ id: 'c1', name: 'weather', arguments: { city: 'Seoul' } }, { name: 'time', arguments: 'now' }] },
    { role: 'tool', pieces: [{ text: '21' }], calls: [], answers: 'c1', more: { name: 'weather' } },
    { role: 'assistant', pieces: [{ text: 'No.', refusal: true }], calls: [] },
  ])
})

test('a cell says who says what, and only the beginning of what is long', () => {
  const name = (role: string) => role.toUpperCase()
  expect(glance(talk.slice(1), name)).toBe('USER: Capital of Texas? · ASSISTANT: Austin')
  const calls = [{ role: 'user', content: [{ type: 'image' }] }, { role: 'assistant', content: 'So', tool_calls: [{ name: 'look', arguments: { n: 1 } }] }]
  expect(glance(calls, name)).toBe('USER: [image] · ASSISTANT: So look({"n":1})')
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
