import { expect, test } from 'vitest'
import { columnsOf, pairOf } from './compare'

test('values that look alike are told apart', () => {
  expect(pairOf({ column: 'a', before: 'x', after: 'y' })).toEqual(['x', 'y'])
  expect(pairOf({ column: 'a', before: '5', after: 5 })).toEqual(['"5"', '5'])
  expect(pairOf({ column: 'a', after: ['b'] })).toEqual(['–', '["b"]'])
  expect(pairOf({ column: 'a', before: '–' })).toEqual(['"–"', '–'])
})

test('columns stand in the order of the file, unknown ones after them', () => {
  const rows = [{ row: 0, cut: false, values: { b: 1, z: 1 } }, { row: 1, cut: false, values: { a: 1 } }]
  expect(columnsOf(rows, ['a', 'b', 'c', 'a'])).toEqual(['a', 'b', 'z'])
})
