import { expect, test } from 'vitest'
import { added, cursorAt, none, patched } from './rows'
import { nextSort, parsed } from './types'
import { span } from './useWindow'

test.each([
  ['llama', { text: 'llama', words: {} }],
  ['tag:ko llama  7b', { text: 'llama 7b', words: { tag: 'ko' } }],
  ['ownerteam:"search team"', { text: '', words: { ownerTeam: 'search team' } }],
  ['http://x', { text: 'http://x', words: {} }],
])('%s is text and words', (typed, expected) => {
  expect(parsed(typed, ['tag', 'ownerTeam'])).toEqual(expected)
})

test('a header rises, falls and rests', () => {
  expect(['', 'name', '-name'].map((now) => nextSort(now, 'name'))).toEqual(['name', '-name', ''])
})

const page = (items: string[], nextCursor?: string, total?: number) => ({ items: items.map((id) => ({ id, n: 0 })), page: { nextCursor, total } })

test('pages join, and each row knows the cursor of its page', () => {
  const list = added(added(none<{ id: string; n: number }>(), page(['a', 'b'], 'c1', 3), ''), page(['c']), 'c1')
  expect(list).toMatchObject({ total: 3, next: undefined })
  expect([0, 1, 2].map((row) => cursorAt(list, row))).toEqual(['', '', 'c1'])
})

test('a look at the head changes rows in place and counts what is new', () => {
  const list = added(none<{ id: string; n: number }>(), page(['a', 'b']), '')
  const { rows, fresh } = patched(list, [{ id: 'new', n: 1 }, { id: 'a', n: 0 }, { id: 'b', n: 9 }], (row) => row.id)
  expect(rows.rows).toEqual([{ id: 'a', n: 0 }, { id: 'b', n: 9 }])
  expect(fresh).toBe(1)
})

test('what the head passes over is gone, and what is behind it stays', () => {
  const first = added(none<{ id: string; n: number }>(), { ...page(['a', 'b', 'c']), page: { nextCursor: 'x', total: 5 } }, '')
  const list = added(first, page(['d', 'e']), 'x')
  const of = (head: string[], isWhole = false, isFixed = true) => {
    const { rows } = patched(list, head.map((id) => ({ id, n: 0 })), (row) => row.id, { isWhole, isFixed })
    return [rows.rows.map(({ id }) => id).join(''), rows.pages.map(({ at }) => at), rows.total]
  }
  expect(of(['a', 'c'])).toEqual(['acde', [0, 2], 4])
  expect(of(['new', 'b'])).toEqual(['bcde', [0, 2], 4])
  expect(of(['new'])).toEqual(['abcde', [0, 3], 5])
  expect(of(['a', 'd'], true)).toEqual(['ad', [0, 1], 2])
  expect(of([], true)).toEqual(['', [0, 0], 0])
  // What moved up from far down passes over nothing, and in a list by what changes a row may be anywhere.
  expect(of(['e', 'a', 'b'])).toEqual(['abcde', [0, 3], 5])
  expect(of(['a', 'c'], false, false)).toEqual(['abcde', [0, 3], 5])
})

test.each([
  [0, 380, 100_000, { first: 0, last: 26 }],
  [38_000, 380, 100_000, { first: 984, last: 1026 }],
  [3_799_620, 380, 100_000, { first: 99_974, last: 100_000 }],
  [0, 380, 3, { first: 0, last: 3 }],
])('at %i px of a list only what is in sight is drawn', (top, height, count, expected) => {
  expect(span(top, height, 38, count)).toEqual(expected)
})
