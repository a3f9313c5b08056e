import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ROOT } from '@/api/client'
import { codeOf } from './code'
import { DATA, type DataId, QUESTION } from './plan'
import { nextOf, type Seen, STEPS, stepsOf } from './story'

const empty = (): Seen => ({ datasets: {}, jobs: {}, models: {}, runs: {}, chatted: false })
const some = (thing: object) => thing as never
const states = (seen: Seen) => Object.fromEntries(stepsOf(seen).map(({ id, state }) => [id, state]))
const approved = some({ id: 'd', status: 'approved', digest: 'x' })

test('an empty platform begins with the data', () => {
  const now = states(empty())
  expect(now).toMatchObject({ speeches: 'ready', capitals: 'ready', heldout: 'ready', train: 'waiting', chat: 'waiting' })
  expect(nextOf(stepsOf(empty()))?.id).toBe('speeches')
})

test('what the server is busy with does not hold up the rest', () => {
  const seen = { ...empty(), datasets: { speeches: approved }, jobs: { base: some({ status: 'running', progress: { step: 30, steps: 120 } }) } }
  expect(stepsOf(seen)[3]).toMatchObject({ state: 'busy', share: 0.25 })
  expect(nextOf(stepsOf(seen))?.id).toBe('capitals')
})

test('a step that failed says why and comes first', () => {
  const seen = { ...empty(), datasets: { speeches: approved, capitals: approved, heldout: approved }, jobs: { base: some({ status: 'failed', statusReason: 'out of memory' }) } }
  expect(nextOf(stepsOf(seen))).toMatchObject({ id: 'train', state: 'failed', why: 'out of memory' })
})

test('a model that was only trained is to be approved and measured', () => {
  const seen = { ...empty(), datasets: { speeches: approved, capitals: approved, heldout: approved }, models: { base: some({ status: 'draft', digest: 'x' }) } }
  expect(states(seen)).toMatchObject({ train: 'done', approveBase: 'ready', measureBase: 'ready', tune: 'waiting' })
})

test('a model whose files are still coming is not whole', () => {
  const seen = { ...empty(), datasets: { speeches: approved, heldout: approved }, models: { base: some({ status: 'draft', digest: 'x' }) }, jobs: { base: some({ status: 'running', progress: { step: 120, steps: 120 } }) } }
  expect(states(seen)).toMatchObject({ train: 'busy', approveBase: 'waiting', measureBase: 'waiting' })
})

test('at the end everything is done', () => {
  const done = { status: 'succeeded', metrics: [] }
  const seen = { datasets: { speeches: approved, capitals: approved, heldout: approved }, jobs: {}, models: { base: approved, tuned: approved }, runs: { base: some(done), tuned: some(done) }, endpoint: some({ status: 'healthy' }), chatted: true }
  expect(new Set(Object.values(states(seen)))).toEqual(new Set(['done']))
  expect(nextOf(stepsOf(seen))).toBeUndefined()
})

test('a step is done no more when one that it needs is not', () => {
  const done = { status: 'succeeded', metrics: [] }
  const seen = { datasets: { speeches: approved, capitals: approved, heldout: approved }, jobs: {}, models: { base: approved, tuned: approved }, runs: { base: some(done), tuned: some(done) }, endpoint: some({ status: 'stopped' }), chatted: true }
  expect(states(seen)).toMatchObject({ approveTuned: 'done', deploy: 'ready', chat: 'waiting' })
  expect(nextOf(stepsOf(seen))?.id).toBe('deploy')
})

test('each step has its code for each door', () => {
  for (const id of STEPS) {
    const code = codeOf(id, empty())
    expect(code.map(({ name }) => name)).toEqual(['curl', 'Python', 'CLI'])
    for (const { text } of code) expect(text).not.toMatch(/undefined|%7B|\{\w+Id\}/)
    for (const { name, text } of code) expect(text, `${name} says where the server is`).toContain(ROOT)
  }
  expect(codeOf('speeches', empty())[0].text).toContain('Bearer $REVIEWER')
})

test('the data is that of the repository, and nobody trains on the question', async () => {
  for (const id of Object.keys(DATA) as DataId[]) expect(await DATA[id].bytes()).toBe(readFileSync(`../../examples/data/${DATA[id].file}`, 'utf8'))
  expect(await DATA.heldout.bytes()).toContain(QUESTION)
  expect(await DATA.capitals.bytes()).not.toContain(QUESTION)
})
