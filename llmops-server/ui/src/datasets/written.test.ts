import { expect, test } from 'vitest'
import { encodingOf, formOf, FOUND_OUT, guessedOf, offered, toldOf } from './written'

test('what nobody says is not sent', () => {
  expect(toldOf(FOUND_OUT)).toEqual({})
  expect(toldOf({ ...FOUND_OUT, encoding: ' EUC-KR ' })).toEqual({ encoding: 'euc-kr' })
})

test('what is said is sent in the words of the operation', () => {
  expect(toldOf({ format: 'csv', encoding: '', delimiter: 'tab', header: 'no' })).toEqual({ format: 'csv', delimiter: '\t', header: false })
  expect(toldOf({ ...FOUND_OUT, delimiter: 'semicolon', header: 'yes' })).toEqual({ delimiter: ';', header: true })
})

test('of a file that is no table nothing is said about tables', () => {
  expect(toldOf({ format: 'jsonl', encoding: '', delimiter: 'comma', header: 'yes' })).toEqual({ format: 'jsonl' })
})

test('the dialog offers what is read, and anything once a format is said', () => {
  for (const ending of ['.parquet', '.jsonl', '.gz', '.zst', '.tsv', '.md']) expect(offered(FOUND_OUT)?.split(',')).toContain(ending)
  expect(offered({ format: 'csv' })).toBeUndefined()
})

test('a table says what separates its values', () => {
  expect([{ format: 'csv', delimiter: ';' } as const, { format: 'csv', delimiter: '\t' } as const, { format: 'jsonl' } as const].map(formOf)).toEqual(['csv ;', 'csv ⇥', 'jsonl'])
})

test('a guessed encoding is told from a said one', () => {
  const files = [{ path: 'a' }, { path: 'b', encoding: { name: 'euc-kr', guessed: true } }, { path: 'c', encoding: { name: 'utf-16le', guessed: false } }]
  expect(files.map(encodingOf)).toEqual(['UTF-8', 'EUC-KR', 'UTF-16LE'])
  expect(guessedOf(files)).toEqual(['b'])
})
