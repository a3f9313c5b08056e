import { expect, test } from 'vitest'
import { lines, words } from './diff'

test('a difference keeps what is the same', () => {
  expect(lines('a\nb\nc', 'a\nx\nc').map(({ sign, text }) => sign + text)).toEqual([' a', '-b', '+x', ' c'])
})

test('words that differ are marked on either side', () => {
  const marked = (side: { text: string; changed: boolean }[]) => side.map(({ text, changed }) => (changed ? `[${text}]` : text)).join('')
  expect(words('It is 40.\nYes', 'It was 40!\nYes').map(marked)).toEqual(['It [is] 40[.]\nYes', 'It [was] 40[!]\nYes'])
  expect(words('', 'new').map(marked)).toEqual(['', '[new]'])
})
