// The scenarios of this folder through Node.js: embedded and against a server, on SQLite, and on PostgreSQL with a bucket.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { LlmOpsError, connect, open } from '../../llmops-node/index.mjs'
import { folder, serve } from '../../llmops-node/test/server.mjs'

const here = import.meta.dirname
const scenarios = readdirSync(here)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => ({ file: path.parse(name).name, ...JSON.parse(readFileSync(path.join(here, name), 'utf8')) }))

const unique = () => randomUUID().replaceAll('-', '').slice(0, 12)
const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())

/** What a cluster uses: where there is the one service there is the other. */
function cluster() {
  const server = process.env.LLMOPS_TEST_POSTGRES
  const name = `scenarios_${unique()}`
  execFileSync('psql', [server, '-qc', `create database ${name}`])
  return { database: server.replace(/[^/]*$/, name), store: `s3://${process.env.LLMOPS_TEST_S3_BUCKET}/${name}` }
}

for (const kind of ['sqlite', 'postgres']) {
  describe(`embedded on ${kind}`, { skip: kind === 'postgres' && !process.env.LLMOPS_TEST_POSTGRES }, () => {
    let ops
    before(async () => (ops = await open(folder(), kind === 'postgres' ? cluster() : {})))
    after(() => ops?.close())
    for (const scenario of scenarios) {
      test(scenario.file, () => play(scenario, ops))
    }
  })
}

describe('connected', () => {
  let server
  before(async () => (server = await serve()))
  after(() => server?.stop())
  for (const scenario of scenarios) {
    test(scenario.file, () => play(scenario, connect(server.url, { apiKey: server.apiKey })))
  }
})

async function play(scenario, admin) {
  const [people, kept] = [{ '': admin }, { unique: unique() }]
  for (const [person, roles] of Object.entries(scenario.people ?? {})) {
    kept[person] = `${person}-${kept.unique}`
    const { secret } = await admin.governance.createApiKey({ name: kept[person], ...(Array.isArray(roles) ? { roles } : roles) })
    people[person] = admin.withApiKey(secret)
  }
  for (const [number, step] of scenario.steps.entries()) {
    try {
      await take(step, people[step.as ?? ''], kept)
    } catch (failed) {
      failed.message = `step ${number + 1}, ${step.op}: ${failed.message}`
      throw failed
    }
  }
}

async function take(step, ops, kept) {
  let answer
  try {
    if (step.in) ops = ops.withProject(fill(step.in, kept))
    answer = await (step.until ? wait(step, ops, kept) : call(step, ops, kept))
  } catch (error) {
    if (!step.error || !(error instanceof LlmOpsError)) throw error
    return same(fill(step.error, kept), error, 'error')
  }
  assert.ok(!step.error, `expected the error ${JSON.stringify(step.error)}, got ${JSON.stringify(answer)}`)
  if (step.expect !== undefined) same(fill(step.expect, kept), answer, 'answer')
  for (const [name, where] of Object.entries(step.keep ?? {})) {
    kept[name] = where.split('.').filter(Boolean).reduce((value, part) => value[part], answer)
  }
}

function begin(step, ops, kept) {
  const [room, method] = step.op.split('.')
  const files = step.files && Object.fromEntries(Object.entries(step.files).map(([name, file]) => [name, bytesOf(file)]))
  const given = [fill(step.request ?? {}, kept), ...(files ? [files] : []), fill(step.options ?? {}, kept)]
  return ops[camel(room)][camel(method)](...given)
}

const bytesOf = (file) => (typeof file === 'string' ? Buffer.from(file) : Buffer.from(file.base64, 'base64'))

async function call(step, ops, kept) {
  const answer = await begin(step, ops, kept)
  if (typeof answer.text === 'function') return answer.text()
  if (typeof answer.next !== 'function') return plain(answer)
  const items = []
  for await (const item of answer) {
    items.push(item)
    if (items.length === step.expect?.length) break
  }
  return items
}

async function wait(step, ops, kept) {
  const [wanted, deadline] = [fill(step.until, kept), Date.now() + 1000 * (step.within ?? 60)]
  let said = 'no answer'
  while (Date.now() < deadline) {
    const answer = await begin(step, ops, kept)
    const followed = typeof answer.next === 'function' ? answer : [plain(answer)]
    for await (const item of followed) {
      said = differs(wanted, item, 'answer')
      if (!said) return item
      if (Date.now() > deadline) break
    }
    await sleep(100)
  }
  assert.fail(`not in time: ${said}`)
}

const plain = (answer) =>
  answer.items && 'limit' in answer
    ? { items: answer.items, page: { limit: answer.limit, nextCursor: answer.nextCursor, total: answer.total } }
    : answer

function fill(value, kept) {
  if (typeof value === 'string') return value[0] === '$' && value.slice(1) in kept ? kept[value.slice(1)] : fillText(value, kept)
  if (Array.isArray(value)) return value.map((item) => fill(item, kept))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [fillText(key, kept), fill(item, kept)]))
}

function fillText(text, kept) {
  const names = Object.keys(kept).sort().reverse()
  return names.reduce((text, name) => (typeof kept[name] === 'string' ? text.replaceAll(`$${name}`, kept[name]) : text), text)
}

function same(expected, got, where) {
  const said = differs(expected, got, where)
  assert.ok(!said, said)
}

/** Where an answer is not what was expected; the rules are those of `tests/it/scenarios/compare.rs`. */
function differs(expected, got, where) {
  const wrong = (rule) => `${where}: expected ${rule}, got ${JSON.stringify(got)}`
  if (expected === '$any') return got === null || got === undefined ? `${where}: nothing is there` : undefined
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length) return wrong(`${expected.length} items`)
    return first(expected.entries(), ([n, one]) => differs(one, got[n], `${where}.${n}`))
  }
  if (expected === null || typeof expected !== 'object') return expected === (got ?? null) ? undefined : wrong(JSON.stringify(expected))
  const entries = Object.entries(expected)
  if (entries.some(([key]) => key[0] === '$')) {
    const broken = entries.find(([key, one]) => !rules[key](one, got, where))
    return broken && `${where}: ${broken[0]} ${JSON.stringify(broken[1])} does not hold of ${JSON.stringify(got)}`
  }
  if (got === null || typeof got !== 'object') return wrong('an object')
  return first(entries, ([key, one]) => differs(one, got[key], `${where}.${key}`))
}

const rules = {
  $len: (value, got) => Array.isArray(got) && got.length === value,
  $has: (value, got, where) => value.every((one) => got?.some((item) => !differs(one, item, where))),
  $from: (value, got) => got >= value,
  $to: (value, got) => got <= value,
  $holds: (value, got) => typeof got === 'string' && got.includes(value),
}

function first(items, said) {
  for (const item of items) {
    const found = said(item)
    if (found) return found
  }
}
