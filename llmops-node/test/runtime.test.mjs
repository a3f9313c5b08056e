import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { open } from 'llmops'
import { folder, name } from './server.mjs'

const runtime = fileURLToPath(new URL('../runtime.js', import.meta.url))

test('the runtime needs no environment', () => {
  const said = execFileSync(process.execPath, [runtime, '--help'], { env: {}, cwd: folder(), encoding: 'utf8' })
  assert.match(said, /train/)
})

test('the runtime says how it ended', () => {
  const ran = spawnSync(process.execPath, [runtime, 'train', '--nonsense'], { env: {}, encoding: 'utf8' })
  assert.deepEqual([ran.status, ran.stderr.includes('--nonsense')], [2, true])
})

let ops
before(async () => (ops = await open(path.join(folder(), 'data'))))
after(() => ops.close())

test('a key works in this process', async () => {
  const { secret } = await ops.governance.createApiKey({ name: name(), roles: ['viewer'] })
  const viewer = ops.withApiKey(secret)
  assert.deepEqual((await viewer.catalog.listModels({ name: name() })).items, [])
  await assert.rejects(viewer.catalog.createModel({ name: name(), version: '1.0.0' }), { kind: 'denied' })
  assert.throws(() => ops.withApiKey('lo_wrong'), { kind: 'unauthenticated' })
})
