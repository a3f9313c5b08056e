import { expect, test } from 'vitest'
import { added, between, cursorAt, cursorsIn, isFixed, joined, none, patched, stillSelected } from './rows'
import { nextSort, parsed } from './types'
import { risen, span } from './useWindow'

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

const letters = (text: string) => [...text].map((id) => ({ id, n: 0 }))
const idOf = ({ id }: { id: string }) => id
const threePages = () => [['abc', 'x'], ['def', 'y'], ['gh', undefined]].reduce((list, [ids, next], at) => added(list, page([...ids!], next, 8), ['', 'x', 'y'][at]), none<{ id: string; n: number }>())

test.each([
  [0, 3, 3, []],
  [0, 3, 2, ['']],
  [2, 4, 3, ['', 'x']],
  [3, 6, 3, ['x']],
  [5, 8, 3, ['x', 'y']],
  [0, 8, 0, ['', 'x', 'y']],
  [0, 0, 3, []],
])('rows %i to %i stand on few pages, of which the first %i rows are known', (first, last, known, expected) => {
  expect(cursorsIn(threePages(), { first, last }, known)).toEqual(expected)
})

test.each([
  ['what a page passes over leaves it', 'dfg', 3, { isFixed: true }, 'abcdfgh', [0, 3, 5], 7],
  ['what may stand elsewhere stays', 'dfg', 3, {}, 'abcdefgh', [0, 3, 6], 8],
  ['rows that nobody read do not come between', 'dzf', 3, { isFixed: true }, 'abcdfgh', [0, 3, 5], 7],
  ['nothing before the page leaves', 'ef', 3, { isFixed: true }, 'abcefgh', [0, 3, 5], 7],
  ['the last page says what is at the end', 'g', 6, { isFixed: true, isWhole: true }, 'abcdefg', [0, 3, 6], 7],
  ['all may be gone from there on', '', 3, { isFixed: true, isWhole: true }, 'abc', [0, 3, 3], 3],
] as const)('a page is looked at again: %s', (_, part, from, order, expected, at, total) => {
  const { rows } = patched(threePages(), letters(part), idOf, order, from)
  expect([rows.rows.map(idOf).join(''), rows.pages.map((page) => page.at), rows.total]).toEqual([expected, at, total])
})

test.each([
  ['between others', 'dzef', false, 3, 'abcdzefgh', [0, 3, 7]],
  ['where its page begins', 'yzdef', false, 3, 'abcyzdefgh', [0, 3, 8]],
  ['where the list ends', 'ghz', true, 6, 'abcdefghz', [0, 3, 6]],
  ['nowhere, if it may be of the next page', 'defz', false, 3, 'abcdefgh', [0, 3, 6]],
  ['each behind its own', 'dxeyf', false, 3, 'abcdxeyfgh', [0, 3, 8]],
  ['where the rest is gone', 'z', true, 3, 'abczdefgh', [0, 3, 7]],
] as const)('a row that came in belongs %s', (_, part, isWhole, from, expected, at) => {
  const { rows, pages, total } = joined(threePages(), letters(part), idOf, isWhole, from)
  expect([rows.map(idOf).join(''), pages.map((page) => page.at), total]).toEqual([expected, at, expected.length])
  expect(between(threePages(), letters(part), idOf, isWhole)).toHaveLength(expected.length - 8)
})

test('rows keep their places in an order by what is given once', () => {
  expect(['', '-createdAt', 'name', 'updatedAt'].map((sort) => isFixed('catalog.list_models', sort))).toEqual([true, true, true, false])
  expect(['', 'name', '-metrics.loss'].map((sort) => isFixed('experiments.search_runs', sort))).toEqual([true, false, false])
})

test('what left the list is selected no more', () => {
  const [all, begun] = [threePages(), added(none<{ id: string; n: number }>(), page(['a', 'b'], 'x'), '')]
  const { rows: less } = patched(all, letters('df'), idOf, { isFixed: true }, 3)
  expect(stillSelected(['a', 'e', 'far'], all, less, idOf)).toEqual(['a'])
  expect(stillSelected(['a', 'far'], none<{ id: string; n: number }>(), begun, idOf)).toEqual(['a', 'far'])
  expect(stillSelected(['a', 'e'], all, none(), idOf)).toEqual(['a', 'e'])
})

test.each([
  ['abcdef', 'acdef', 3, 1],
  ['abcdef', 'abcdf', 3, 0],
  ['abcdef', 'abef', 3, 1],
  ['abcdef', 'ef', 3, 3],
  ['abcdef', 'bcdef', 0, 0],
  ['abcdef', 'zabcdef', 3, -1],
  ['abcdef', 'uvw', 3, 0],
])('of %s is left %s: what stood at %i moves up by %i', (before, now, at, expected) => {
  expect(risen([...before], [...now], at, (id) => id)).toBe(expected)
})
