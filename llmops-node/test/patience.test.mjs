// How long a client waits for a server, and when it asks again.

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { connect } from 'llmops'

const AWAY = [503, { error: { kind: 'unavailable', message: 'not now', retryAfterMs: 5 } }]
const EXISTS = [409, { error: { kind: 'conflict', code: 'model_exists', message: 'there' } }]
const EMPTY = [200, { status: 'success', data: [], page: { limit: 50 } }]
const SILENT = null

const running = []
after(() => running.forEach((server) => (server.closeAllConnections(), server.close())))

/** A server that gives these answers one after the other; its address and the idempotency keys it was sent. */
async function scripted(...answers) {
  const keys = []
  const server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key'])
    const answer = answers.shift()
    if (answer === SILENT) return
    request.resume().on('end', () => response.writeHead(answer[0]).end(JSON.stringify(answer[1])))
  })
  running.push(server)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}`, keys }
}

test('what is busy is asked again', async () => {
  const { url, keys } = await scripted(AWAY, AWAY, EMPTY)
  assert.deepEqual((await connect(url).catalog.listModels()).items, [])
  assert.equal(keys.length, 3)
})

test('what is created again keeps its key', async () => {
  const { url, keys } = await scripted(AWAY, EXISTS)
  await assert.rejects(connect(url).catalog.createModel({ name: 'tiny', version: '1.0.0' }), { kind: 'conflict' })
  assert.ok(keys[0])
  assert.deepEqual(keys, [keys[0], keys[0]])
})

test('retries are chosen', async () => {
  const { url, keys } = await scripted(AWAY, AWAY, AWAY, AWAY, EMPTY)
  const patient = connect(url, { maxRetries: 4 })
  await assert.rejects(patient.withOptions({ maxRetries: 0 }).catalog.listModels(), { kind: 'unavailable' })
  await patient.catalog.listModels()
  assert.equal(keys.length, 5)
})

test('a time is kept', async () => {
  const { url } = await scripted(SILENT)
  await assert.rejects(connect(url, { timeout: 200 }).catalog.listModels(), { kind: 'timeout' })
})

test('options out of their range are refused', () => {
  for (const timeout of [0, -1, NaN]) assert.throws(() => connect('http://127.0.0.1:1', { timeout }), { field: 'timeout' })
  for (const maxRetries of [-1, 0.5]) {
    assert.throws(() => connect('http://127.0.0.1:1', { maxRetries }), { field: 'maxRetries' })
  }
})
