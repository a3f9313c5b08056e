import { expect, test } from 'vitest'
import type { Credential } from '@/providers/provider'
import { againTo, HUB, isMoving, isOver, shareOf, STATES } from './import'
import { checks, fitting, nameOf, repoOf, requestOf, valuesOf } from './request'

test('a repository is its name, or the address of its page', () => {
  const typed = [' Qwen/Qwen2.5-0.5B ', `${HUB}/Qwen/Qwen2.5-0.5B`, `${HUB}/Qwen/Qwen2.5-0.5B/tree/main`, 'Qwen/Qwen2.5-0.5B/']
  expect(new Set(typed.map(repoOf))).toEqual(new Set(['Qwen/Qwen2.5-0.5B']))
  expect([...typed.map(checks.repo), checks.repo('gpt2')]).toEqual([undefined, undefined, undefined, undefined, undefined])
  expect(['a/b/c', 'a b', '../x', 'x/..', 'https://else.example/a/b'].map(checks.repo)).toEqual(Array(5).fill('imports.repoWrong'))
  expect([checks.repo(' '), nameOf('a/b'), nameOf('gpt2')]).toEqual(['forms.needed', 'b', 'gpt2'])
})

test('what is not said is left to the platform', () => {
  const values = valuesOf({})
  const said = (more: object) => JSON.parse(JSON.stringify(requestOf({ ...values, repo: 'a/b', ...more })))
  expect(said({})).toEqual({ repo: 'a/b', include: [], exclude: [] })
  expect(said({ include: ' *.gguf \n\n*.json', quarantined: true, baseUrl: 'https://hub.example ' })).toEqual({ repo: 'a/b', include: ['*.gguf', '*.json'], exclude: [], quarantined: true, baseUrl: 'https://hub.example' })
})

test('only what there is too much of is wrong about patterns', () => {
  expect([checks.include('*.gguf'), checks.include('x\n'.repeat(51)), checks.exclude('x'.repeat(257))]).toEqual([undefined, 'imports.patternsWrong', 'imports.patternsWrong'])
})

test('an import is made again with what its address says', () => {
  const of = { repo: 'a/b', revision: 'v1', name: 'mine', baseUrl: HUB }
  expect(valuesOf(againTo(of).query)).toMatchObject({ repo: 'a/b', revision: 'v1', name: 'mine', baseUrl: '', version: '' })
  expect(valuesOf(againTo({ ...of, baseUrl: 'https://hub.example', credentialId: 'id' }).query)).toMatchObject({ baseUrl: 'https://hub.example', credentialId: 'id' })
  expect(valuesOf({ repo: ['a', 'b'] }).repo).toBe('')
})

test('a key is offered to its own server', () => {
  const stored = (id: string, origin: string, modelId?: string) => ({ id, origin, modelId }) as Credential
  const all = [stored('hub', HUB), stored('mirror', 'https://hub.example'), stored('of-model', HUB, 'm')]
  const ids = (baseUrl: string) => fitting(all, baseUrl).map(({ id }) => id)
  expect([ids(''), ids('https://hub.example/x'), ids('nonsense')]).toEqual([['hub'], ['mirror'], []])
})

test('how far an import is', () => {
  expect([shareOf({ state: 'queued', bytes: 0, receivedBytes: 0 }), shareOf({ state: 'running', bytes: 4, receivedBytes: 1 }), shareOf({ state: 'succeeded', bytes: 0, receivedBytes: 0 })]).toEqual([0, 0.25, 1])
  expect([STATES.filter((state) => isMoving({ state })), STATES.filter((state) => isOver({ state }))]).toEqual([['queued', 'running'], ['succeeded', 'cancelled']])
})
