import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect } from 'llmops'
import { onBoth } from './doors.mjs'
import { name, serve } from './server.mjs'

const MISSING = '01a20e61-fed6-773e-bbc4-8fd14a598f2b'

/** A dataset of these files. */
async function dataset(ops, files) {
  const { id } = await ops.datasets.createDataset({ name: name(), version: '1.0.0', type: 'other' })
  if (files) await ops.datasets.uploadDatasetFiles({ datasetId: id }, files)
  return id
}

const lines = (count, text = 'ü') =>
  Buffer.from(Array.from({ length: count }, (_, n) => JSON.stringify({ n, text }) + '\n').join(''))

async function all(rows) {
  const found = []
  for await (const row of rows) found.push(row)
  return found
}

onBoth('rows', (ops) => {
  test('rows come one by one, as often as they are asked for', async () => {
    const datasetId = await dataset(ops(), { 'a.jsonl': lines(3000), 'b.jsonl': lines(2) })
    const rows = ops().rows({ datasetId })
    const first = await all(rows)
    assert.deepEqual(first.slice(0, 2), [{ n: 0, text: 'ü' }, { n: 1, text: 'ü' }])
    assert.deepEqual(first.map((row) => row.n), [...Array(3000).keys(), 0, 1])
    assert.deepEqual(await all(rows), first)
    const some = { datasetId, columns: ['n'], row: 2998, limit: 3 }
    assert.deepEqual(await all(ops().rows(some)), [{ n: 2998 }, { n: 2999 }, { n: 0 }])
    assert.deepEqual(await all(ops().rows({ datasetId, path: 'b.jsonl', columns: ['n'] })), [{ n: 0 }, { n: 1 }])
  })

  test('a table has types and nulls', async () => {
    const table = 'n,x,ok,t\n1,1,true,a\n,2.5,,\n'
    const datasetId = await dataset(ops(), { 'a.csv': Buffer.from(table) })
    assert.deepEqual(await all(ops().rows({ datasetId })), [
      { n: 1, x: 1, ok: true, t: 'a' },
      { n: null, x: 2.5, ok: null, t: null },
    ])
    assert.deepEqual(await all(ops().rows({ datasetId: await dataset(ops()) })), [])
  })

  test('a row longer than a piece, and characters between two', async () => {
    const text = '한국어'.repeat(300_000)
    const datasetId = await dataset(ops(), { 'a.jsonl': lines(3, text) })
    assert.deepEqual((await all(ops().rows({ datasetId }))).map((row) => row.text === text), [true, true, true])
  })

  test('leaving the loop hangs up, and a slow reader is waited for', async () => {
    const datasetId = await dataset(ops(), { 'a.jsonl': lines(60_000, 'x'.repeat(500)) })
    for (let n = 0; n < 20; n++) for await (const row of ops().rows({ datasetId })) if (row.n === 1) break
    const before = process.memoryUsage.rss()
    let seen = 0
    for await (const row of ops().rows({ datasetId })) {
      assert.equal(row.n, seen++)
      if (seen % 10_000 === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    assert.equal(seen, 60_000)
    const grown = (process.memoryUsage.rss() - before) >> 20
    assert.ok(grown < 80, `${grown} MiB`)
  })

  test('a signal hangs up', async () => {
    const datasetId = await dataset(ops(), { 'a.jsonl': lines(60_000, 'x'.repeat(500)) })
    const given = new AbortController()
    const read = async () => {
      for await (const row of ops().rows({ datasetId }, { signal: given.signal })) if (row.n === 10) given.abort(new Error('enough'))
    }
    await assert.rejects(read(), /enough/)
  })

  test('what cannot be read is said', async () => {
    const datasetId = await dataset(ops(), { 'a.jsonl': Buffer.from('{"n": 1}\n{"n": \n{"n": 3}\n') })
    await assert.rejects(all(ops().rows({ datasetId })), { kind: 'conflict', code: 'bad_rows', field: 'skipBadRows' })
    assert.deepEqual(await all(ops().rows({ datasetId, skipBadRows: true })), [{ n: 1 }, { n: 3 }])
    await assert.rejects(all(ops().rows({ datasetId, columns: ['m'] })), { kind: 'invalid', field: 'columns' })
    await assert.rejects(all(ops().rows({ datasetId: MISSING })), { kind: 'not_found' })
  })
})

test('a server that goes is no end', async () => {
  const { url, apiKey, stop } = await serve()
  const ops = connect(url, { apiKey, maxRetries: 0 })
  const datasetId = await dataset(ops, { 'a.jsonl': lines(60_000, 'x'.repeat(1000)) })
  const rows = ops.rows({ datasetId })[Symbol.asyncIterator]()
  assert.equal((await rows.next()).value.n, 0)
  await stop('SIGKILL')
  const rest = async () => {
    while (!(await rows.next()).done);
  }
  await assert.rejects(rest(), { kind: 'unavailable' })
})
