import { expect, test } from 'vitest'
import { againTo, HUB } from '@/transfers/transfer'
import { checks, nameOf, requestOf, valuesOf } from './request'

test('what is not said is left to the platform', () => {
  const values = valuesOf({})
  const said = (more: object) => JSON.parse(JSON.stringify(requestOf({ ...values, repo: 'a/b', ...more })))
  expect(said({})).toEqual({ repo: 'a/b', include: [], exclude: [] })
  expect(said({ include: ' *.gguf \n\n*.json', quarantined: true, baseUrl: 'https://hub.example ' })).toEqual({ repo: 'a/b', include: ['*.gguf', '*.json'], exclude: [], quarantined: true, baseUrl: 'https://hub.example' })
  expect([nameOf('a/b'), nameOf('gpt2')]).toEqual(['b', 'gpt2'])
})

test('only what there is too much of is wrong about patterns', () => {
  expect([checks.include('*.gguf'), checks.include('x\n'.repeat(51)), checks.exclude('x'.repeat(257))]).toEqual([undefined, 'imports.patternsWrong', 'imports.patternsWrong'])
})

test('an import is made again with what its address says', () => {
  const of = { repo: 'a/b', revision: 'v1', name: 'mine', baseUrl: HUB }
  expect(valuesOf(againTo('imports', of).query)).toMatchObject({ repo: 'a/b', revision: 'v1', name: 'mine', baseUrl: '', version: '' })
  expect(valuesOf(againTo('imports', { ...of, baseUrl: 'https://hub.example', credentialId: 'id' }).query)).toMatchObject({ baseUrl: 'https://hub.example', credentialId: 'id' })
  expect(valuesOf({ repo: ['a', 'b'] }).repo).toBe('')
})
