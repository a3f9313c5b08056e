// Both languages have the same texts with the same places to fill in, and every key that is used exists.
import { expect, test } from 'vitest'
import { filled } from './texts'

type Texts = { [key: string]: string | Texts }
const files = import.meta.glob<Texts>('../*/text/*.json', { eager: true, import: 'default' })
const sources = import.meta.glob<string>('../**/*.{vue,ts}', { eager: true, query: '?raw', import: 'default' })

function flat(texts: Texts, before = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[before + key, value] as [string, string]] : flat(value, `${before}${key}.`),
  )
}
function all(language: string): Map<string, string> {
  const named = Object.entries(files).filter(([path]) => path.endsWith(`/${language}.json`))
  return new Map(named.flatMap(([path, texts]) => flat(texts, `${path.split('/')[1]}.`)))
}
const [english, korean] = [all('en'), all('ko')]
const places = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join()

test('both languages have the same keys', () => {
  expect([...korean.keys()].sort()).toEqual([...english.keys()].sort())
})

test('a text fills in the same in both languages', () => {
  for (const [key, text] of english) expect([key, places(korean.get(key) ?? '')]).toEqual([key, places(text)])
})

test('Korean texts are Korean', () => {
  const names = /^[A-Za-z0-9 ,.:{}/|()\-–_·]+$/
  const untranslated = [...korean].filter(([key, text]) => text === english.get(key) && names.test(text) && text.split(' ').length > 2)
  expect(untranslated).toEqual([])
})

test('each key that is used exists', () => {
  const missing: string[] = []
  for (const [path, source] of Object.entries(sources)) {
    if (path.includes('.test.')) continue
    for (const [, key] of source.matchAll(/\bt\(\s*'([\w.-]+)'/g)) if (!english.has(key)) missing.push(`${path}: ${key}`)
    for (const [, key] of source.matchAll(/label: '([a-z]+\.[\w.-]+)'/g)) if (!english.has(key)) missing.push(`${path}: ${key}`)
    // A key that is put together must at least have texts under what is known of it.
    for (const [, start] of source.matchAll(/\bt\(`([\w.-]+\.)\$\{/g))
      if (![...english.keys()].some((key) => key.startsWith(start))) missing.push(`${path}: ${start}*`)
  }
  expect(missing).toEqual([])
})

test('no text is there for nobody', () => {
  const code = Object.entries(sources).filter(([path]) => !path.includes('.test.')).map(([, source]) => source).join('\n')
  const starts = [...code.matchAll(/`([\w-]+\.[\w.-]*)\$\{/g)].map(([, start]) => start)
  const unused = [...english.keys()].filter((key) => !code.includes(`'${key}'`) && !code.includes(`"${key}"`) && !starts.some((start) => key.startsWith(start)))
  expect(unused).toEqual([])
}, 30_000)

test('a text fills in and counts', () => {
  expect([filled('plain', {}), filled('{n} of {who}', { n: 3, who: undefined }), filled('{n}', { n: '1,000' }, 1000), filled('{n}', {}, 4)]).toEqual(['plain', '3 of ', '1,000', '4'])
  expect([0, 1, 2, 3].map((n) => filled('none | one | {n} many', {}, n))).toEqual(['none', 'one', '2 many', '3 many'])
  expect([0, 1, 2].map((n) => filled('one | {n} many', { n }))).toEqual(['0 many', 'one', '2 many'])
})
