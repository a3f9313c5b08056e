import { expect, test } from 'vitest'
import { callsOf, changedAt, type Endpoint, replicasOf } from './endpoint'

test('replicas are those that are ready, of those that there are to be', () => {
  expect([replicasOf({ replicas: { ready: 0, available: 0, total: 0 }, minReplicas: 1 }), replicasOf({ replicas: { ready: 2, available: 2, total: 3 }, minReplicas: 2 })]).toEqual(['0 / 1', '2 / 2'])
})

test('it changed with the last entry of its history, and not when somebody looked', () => {
  const [createdAt, at] = ['2026-11-25T01:00:00Z', '2026-11-25T02:00:00Z']
  const history: Endpoint['history'] = [{ at: createdAt, status: 'deploying', reason: '' }, { at, status: 'healthy', reason: '' }]
  expect([changedAt({ createdAt, history }), changedAt({ createdAt, history: [] }), changedAt({ createdAt })]).toEqual([at, createdAt, createdAt])
})

test('each door says where the server is', () => {
  for (const { text } of callsOf('/tiny', 'https://ml.example.com')) expect(text).toMatch(/https:\/\/ml\.example\.com/)
})
