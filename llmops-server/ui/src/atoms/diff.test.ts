import { expect, test } from 'vitest'
import { lines } from './diff'

test('a difference keeps what is the same', () => {
  expect(lines('a\nb\nc', 'a\nx\nc').map(({ sign, text }) => sign + text)).toEqual([' a', '-b', '+x', ' c'])
})
