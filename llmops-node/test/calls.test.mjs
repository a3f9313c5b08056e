import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import path from 'node:path'
import { test } from 'node:test'
import { LlmOpsError, connect, open } from 'llmops'
import { onBoth } from './doors.mjs'
import { folder, name } from './server.mjs'

const MISSING = '01a20e61-fed6-773e-bbc4-8fd14a598f2b'

onBoth('calls', (ops) => {
  test('an answer is an object with the fields of its type', async () => {
    const model = await ops().catalog.createModel({ name: name(), version: '1.0.0', metadata: { maxLen: { a_b: 1 } } })
    assert.equal(model.type, 'base')
    assert.deepEqual(model.metadata, { maxLen: { a_b: 1 } })
    assert.deepEqual(await ops().catalog.getModel({ modelId: model.id }), model)
  })

  test('both spellings of a field are read', async () => {
    const model = await ops().catalog.createModel({ name: name(), version: '1.0.0', owner_team: 'core' })
    assert.equal(model.ownerTeam, 'core')
  })

  for (const text of ['ünïcödé', '日本語 한국어', '🦙\u200d🔥', 'quote"\'\\ \n\t', '\u200b\ufeff', 'a'.repeat(20_000)]) {
    test(`text comes back as it went: ${JSON.stringify(text.slice(0, 20))}`, async () => {
      const model = await ops().catalog.createModel({ name: name(), version: '1.0.0', metadata: { text } })
      assert.deepEqual((await ops().catalog.getModel({ modelId: model.id })).metadata, { text })
    })
  }

  test('numbers come back as they went', async () => {
    const numbers = { large: 2 ** 53 - 1, less: -(2 ** 40), part: 0.1, small: 5e-324, none: null, true: true }
    const model = await ops().catalog.createModel({ name: name(), version: '1.0.0', metadata: { numbers } })
    assert.deepEqual(model.metadata, { numbers })
  })

  test('what is not a number travels as text', async () => {
    const run = await ops().experiments.createRun({ name: name() })
    const metrics = [NaN, Infinity, 0.5].map((value, step) => ({ name: 'loss', value, step }))
    await ops().experiments.logMetrics({ runId: run.id, metrics })
    const { series } = await ops().experiments.getSeries({ runId: run.id })
    assert.deepEqual(series[0].points.map((point) => point.value), ['NaN', 'Infinity', 0.5])
  })

  test('a list goes on through its pages', async () => {
    const called = name()
    for (const patch of [0, 1, 2, 3, 4]) await ops().catalog.createModel({ name: called, version: `1.0.${patch}` })
    const page = await ops().catalog.listModels({ name: called, limit: 2, sort: 'createdAt', includeTotal: true })
    assert.deepEqual([page.items.length, page.total, page.limit], [2, 5, 2])
    const versions = []
    for await (const model of page) versions.push(model.version)
    assert.deepEqual(versions, [0, 1, 2, 3, 4].map((patch) => `1.0.${patch}`))
  })

  test('a key makes a call happen once', async () => {
    const request = { name: name(), version: '1.0.0' }
    const options = { idempotencyKey: name() }
    const first = await ops().catalog.createModel(request, options)
    assert.deepEqual(await ops().catalog.createModel(request, options), first)
    const reused = ops().catalog.createModel({ ...request, version: '2.0.0' }, options)
    await assert.rejects(reused, { kind: 'invalid', code: 'idempotency_key_reused' })
  })

  test('a tag guards a change', async () => {
    const { id, etag } = await ops().catalog.createModel({ name: name(), version: '1.0.0' })
    await ops().catalog.updateModel({ modelId: id, tags: ['a'] }, { ifMatch: etag })
    await assert.rejects(ops().catalog.updateModel({ modelId: id, tags: ['b'] }, { ifMatch: etag }), { kind: 'stale' })
  })

  test('null empties a field, and nothing leaves it as it is', async () => {
    const { id } = await ops().catalog.createModel({ name: name(), version: '1.0.0', ownerTeam: 'core' })
    assert.equal((await ops().catalog.updateModel({ modelId: id, ownerTeam: undefined, tags: ['a'] })).ownerTeam, 'core')
    assert.equal((await ops().catalog.updateModel({ modelId: id, ownerTeam: null })).ownerTeam, undefined)
  })

  test('calls run at the same time', async () => {
    const called = name()
    const makes = Array.from({ length: 40 }, (_, n) => ops().catalog.createModel({ name: called, version: `${n}.0.0` }))
    assert.equal(new Set((await Promise.all(makes)).map((model) => model.id)).size, 40)
  })

  test('an error says what, where and what next', async () => {
    await assert.rejects(ops().catalog.createModel({ name: 'a b', version: '1.0.0' }), (error) => {
      assert.ok(error instanceof LlmOpsError && error instanceof Error)
      assert.deepEqual([error.kind, error.field, error.retryable], ['invalid', 'name', false])
      assert.ok(error.hint && error.message.includes(error.hint))
      return true
    })
    await assert.rejects(ops().catalog.getModel({ modelId: MISSING }), { kind: 'not_found', code: 'not_found' })
    await assert.rejects(ops().catalog.createModel({ nme: 'a' }), { code: 'unknown_field', field: 'nme' })
  })

  test('a call that was given up does not wait', async () => {
    const gone = AbortSignal.abort(new Error('changed my mind'))
    await assert.rejects(ops().catalog.listModels({}, { signal: gone }), /changed my mind/)
  })
})

test('a server that is not there is unavailable', async () => {
  await assert.rejects(connect('http://127.0.0.1:1').catalog.listModels(), { kind: 'unavailable', retryable: true })
})

test('an address that is none is refused at once', () => {
  assert.throws(() => connect('file:///tmp'), { kind: 'invalid', field: 'url' })
})

test('a closed platform answers with an error', async () => {
  const ops = await open(path.join(folder(), 'data'), { loops: false })
  await ops.close()
  await ops.close()
  await assert.rejects(ops.catalog.listModels(), LlmOpsError)
})

test('a folder that cannot be is refused', async () => {
  await assert.rejects(open('/proc/none'), { kind: 'unavailable' })
})

test('require and import give the same', () => {
  assert.equal(createRequire(import.meta.url)('llmops').LlmOpsError, LlmOpsError)
})
