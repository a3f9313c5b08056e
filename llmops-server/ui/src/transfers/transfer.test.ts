import { expect, test } from 'vitest'
import type { Credential } from '@/providers/provider'
import { checks, fitting, repoOf } from './registry'
import { doneOf, HUB, isMoving, isOver, pageAt, shareOf, STATES } from './transfer'

test('a repository is its name, or the address of its page', () => {
  const typed = [' Qwen/Qwen2.5-0.5B ', `${HUB}/Qwen/Qwen2.5-0.5B`, `${HUB}/Qwen/Qwen2.5-0.5B/tree/main`, 'Qwen/Qwen2.5-0.5B/']
  expect(new Set(typed.map(repoOf))).toEqual(new Set(['Qwen/Qwen2.5-0.5B']))
  expect([...typed.map(checks.repo), checks.repo('gpt2')]).toEqual([undefined, undefined, undefined, undefined, undefined])
  expect(['a/b/c', 'a b', '../x', 'x/..', 'https://else.example/a/b'].map(checks.repo)).toEqual(Array(5).fill('transfers.repoWrong'))
  expect(checks.repo(' ')).toBe('forms.needed')
})

test('a key is offered to its own server', () => {
  const stored = (id: string, origin: string, modelId?: string) => ({ id, origin, modelId }) as Credential
  const all = [stored('hub', HUB), stored('mirror', 'https://hub.example'), stored('of-model', HUB, 'm')]
  const ids = (baseUrl: string) => fitting(all, baseUrl).map(({ id }) => id)
  expect([ids(''), ids('https://hub.example/x'), ids('nonsense')]).toEqual([['hub'], ['mirror'], []])
})

test('how far it is, whichever way it goes', () => {
  const came = { receivedFiles: 1, receivedBytes: 1 }
  expect([shareOf({ state: 'queued', bytes: 0, ...came, receivedBytes: 0 }), shareOf({ state: 'running', bytes: 4, ...came }), shareOf({ state: 'running', bytes: 4, sentFiles: 2, sentBytes: 2 }), shareOf({ state: 'succeeded', bytes: 0, ...came })]).toEqual([0, 0.25, 0.5, 1])
  expect(doneOf({ sentFiles: 2, sentBytes: 3 })).toEqual({ files: 2, bytes: 3 })
  expect([STATES.filter((state) => isMoving({ state })), STATES.filter((state) => isOver({ state }))]).toEqual([['queued', 'running'], ['succeeded', 'cancelled']])
})

test('the page of a repository is at its registry, and at no other kind of address', () => {
  const at = (baseUrl: string) => pageAt({ baseUrl, repo: 'my-team/tuned', revision: 'next/one' })
  expect([at(HUB), at('http://127.0.0.1:8080/ops/')]).toEqual([`${HUB}/my-team/tuned/tree/next%2Fone`, 'http://127.0.0.1:8080/ops/my-team/tuned/tree/next%2Fone'])
  expect([at('javascript:alert(1)'), at('nonsense')]).toEqual([undefined, undefined])
})
