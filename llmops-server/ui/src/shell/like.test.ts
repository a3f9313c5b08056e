import { expect, test } from 'vitest'
import { isLike } from './like'

const thing = { id: '0198f2d4-7a11-7c3e-9d50-1c2d3e4f5a6b', name: 'Quickstart-base' }

test.each([
  ['start-B', true],
  ['1C2D3E4F5A6B', true],
  [thing.id, true],
  ['5a6b', false],
  ['0198f2d4', false],
])('%s finds it: %s', (text, expected) => {
  expect(isLike(text)(thing)).toBe(expected)
})
