import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { onBoth } from './doors.mjs'
import { folder, name } from './server.mjs'

const CONFIG = '{"model_type":"llama"}'

onBoth('streams', (ops) => {
  const fresh = async () => (await ops().catalog.createModel({ name: name(), version: '1.0.0' })).id

  test('a stream tells changes until the loop is left', async () => {
    const modelId = await fresh()
    const seen = []
    const stream = ops().catalog.watchModel({ modelId })
    for await (const model of stream) {
      seen.push(model.tags)
      if (model.tags.length) break
      await ops().catalog.updateModel({ modelId, tags: ['a'] })
    }
    assert.deepEqual(seen, [[], ['a']])
    assert.deepEqual(await stream.next(), { done: true, value: undefined })
  })

  test('closing wakes who waits', async () => {
    const stream = ops().catalog.watchModel({ modelId: await fresh() })
    await stream.next()
    setTimeout(() => stream.close(), 100)
    assert.equal((await stream.next()).done, true)
  })

  test('a signal hangs up', async () => {
    const given = new AbortController()
    const stream = ops().catalog.watchModel({ modelId: await fresh() }, { signal: given.signal })
    await stream.next()
    setTimeout(() => given.abort(new Error('enough')), 100)
    await assert.rejects(stream.next(), /enough/)
  })

  test('a stream of nothing is an error', async () => {
    const stream = ops().catalog.watchModel({ modelId: '01a20e61-fed6-773e-bbc4-8fd14a598f2b' })
    await assert.rejects(stream.next(), { kind: 'not_found' })
  })

  test('folders go out and come back', async () => {
    const modelId = await fresh()
    const root = folder()
    mkdirSync(path.join(root, 'sub'))
    writeFileSync(path.join(root, 'config.json'), CONFIG)
    writeFileSync(path.join(root, 'sub', 'nötes.txt'), 'ein wört\n')
    const sent = await ops().catalog.uploadModelFiles({ modelId }, root)
    assert.deepEqual(sent.files.map((file) => file.path), ['config.json', 'sub/nötes.txt'])
    const got = await ops().catalog.downloadModelFile({ modelId, path: 'sub/nötes.txt' })
    assert.equal(got.length, 10)
    assert.equal(await got.text(), 'ein wört\n')
  })

  test('links to files are followed, and no others', async () => {
    const modelId = await fresh()
    const [root, cache] = [folder(), folder()]
    writeFileSync(path.join(cache, 'blob'), CONFIG)
    writeFileSync(path.join(root, '.hidden'), CONFIG)
    symlinkSync(path.join(cache, 'blob'), path.join(root, 'config.json'))
    const sent = await ops().catalog.uploadModelFiles({ modelId }, root)
    assert.deepEqual(sent.files.map((file) => file.path), ['config.json'])
    symlinkSync(root, path.join(root, 'round'))
    await assert.rejects(ops().catalog.uploadModelFiles({ modelId }, root), /round is a link to a folder/)
  })

  const sources = {
    buffer: () => ({ 'config.json': Buffer.from(CONFIG) }),
    map: () => new Map([['config.json', new TextEncoder().encode(CONFIG)]]),
    stream: () => ({ 'config.json': Readable.from([CONFIG.slice(0, 5), CONFIG.slice(5)]) }),
    path: (root) => path.join(root, 'config.json'),
    paths: (root) => [path.join(root, 'config.json')],
  }
  for (const [kind, source] of Object.entries(sources)) {
    test(`a ${kind} is sent`, async () => {
      const root = folder()
      writeFileSync(path.join(root, 'config.json'), CONFIG)
      const sent = await ops().catalog.uploadModelFiles({ modelId: await fresh() }, source(root))
      assert.deepEqual(sent.files.map((file) => [file.path, file.bytes]), [['config.json', CONFIG.length]])
    })
  }

  test('a download is saved whole', async () => {
    const modelId = await fresh()
    const root = folder()
    await ops().catalog.uploadModelFiles({ modelId }, { 'a/config.json': Buffer.from(CONFIG) })
    const file = await (await ops().catalog.downloadModelFile({ modelId, path: 'a/config.json' })).save(root)
    assert.equal(readFileSync(file, 'utf8'), CONFIG)
    assert.deepEqual(readdirSync(root), ['config.json'])
  })

  test('a range is a part', async () => {
    const modelId = await fresh()
    await ops().catalog.uploadModelFiles({ modelId }, { 'config.json': Buffer.from(CONFIG) })
    const part = await ops().catalog.downloadModelFile({ modelId, path: 'config.json', range: 'bytes=2-5' })
    assert.deepEqual(part.range, [2, 5, CONFIG.length])
    assert.equal(await part.text(), CONFIG.slice(2, 6))
  })

  test('a refused upload says why', async () => {
    const large = { '../up.txt': Buffer.alloc(8 << 20, 'x') }
    await assert.rejects(ops().catalog.uploadModelFiles({ modelId: await fresh() }, large), { kind: 'invalid' })
  })

  test('a source that fails leaves nothing', async () => {
    const modelId = await fresh()
    async function* broken() {
      yield 'a'
      throw new Error('the disk is gone')
    }
    await assert.rejects(ops().catalog.uploadModelFiles({ modelId }, { 'a.txt': broken() }), /the disk is gone/)
    assert.deepEqual((await ops().catalog.listModelFiles({ modelId })).items, [])
  })

  test('a large file is never in memory whole', async () => {
    const modelId = await fresh()
    // What is collected late is some 90 MiB at most, however large the file is.
    const mebibytes = 256
    const bytes = mebibytes << 20
    const megabyte = Buffer.alloc(1 << 20, 'a')
    const header = JSON.stringify({ t: { dtype: 'U8', shape: [bytes], data_offsets: [0, bytes] } })
    const head = Buffer.alloc(8 + header.length)
    head.writeBigUInt64LE(BigInt(header.length))
    head.write(header, 8)
    async function* tensors() {
      yield head
      for (let n = 0; n < mebibytes; n++) yield megabyte
    }
    const before = process.memoryUsage.rss()
    await ops().catalog.uploadModelFiles({ modelId }, { 'model.safetensors': tensors() })
    const digest = createHash('sha256')
    let size = 0
    for await (const chunk of await ops().catalog.downloadModelFile({ modelId, path: 'model.safetensors' })) {
      digest.update(chunk)
      size += chunk.length
    }
    assert.equal(size, bytes + head.length)
    const more = process.memoryUsage.rss() - before
    assert.ok(more < bytes / 2, `${more >> 20} MiB more`)
  })
})
