import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { bar } from '../bar.js'
import { onBoth } from './doors.mjs'
import { folder, name } from './server.mjs'

const CONFIG = '{"model_type":"llama"}'

onBoth('uploads', (ops) => {
  const fresh = async () => (await ops().catalog.createModel({ name: name(), version: '1.0.0' })).id

  test('a folder goes to a model, in parts that are not sent again', async () => {
    const modelId = await fresh()
    const made = folder()
    const whole = Buffer.alloc(30 << 20)
    for (let at = 0, n = 0; at < whole.length; n++) at += whole.write(`line ${n} of a long text\n`, at)
    writeFileSync(path.join(made, 'notes.txt'), whole)
    writeFileSync(path.join(made, 'config.json'), CONFIG)
    const given = new AbortController()
    const onProgress = (sent) => sent > 10 << 20 && given.abort(new Error('enough'))
    await assert.rejects(ops().uploadFolder(modelId, made, { concurrency: 1, onProgress, signal: given.signal }), /enough/)
    const [begun] = (await ops().catalog.listModelUploads({ modelId })).items
    assert.equal(begun.state, 'receiving')
    const told = []
    const files = await ops().uploadFolder(modelId, made, { onProgress: (sent, total) => told.push([sent, total]) })
    assert.deepEqual(files.map((file) => file.path).sort(), ['config.json', 'notes.txt'])
    const sha256 = createHash('sha256').update(whole).digest('hex')
    assert.equal(files.find((file) => file.path === 'notes.txt').sha256, sha256)
    const after = await ops().catalog.getModelUpload({ modelId, uploadId: begun.id })
    assert.equal(after.state, 'complete', 'no second upload was begun')
  })

  test('a bar tells how far it is', async () => {
    const modelId = await fresh()
    const file = path.join(folder(), 'notes.txt')
    writeFileSync(file, 'x'.repeat(1 << 20))
    const wrote = []
    const { write, isTTY } = process.stderr
    Object.assign(process.stderr, { write: (text) => wrote.push(text), isTTY: true })
    try {
      await ops().uploadFolder(modelId, file, { progress: true })
    } finally {
      Object.assign(process.stderr, { write, isTTY })
    }
    assert.equal(wrote.at(-1), `\r[${'='.repeat(30)}] 1.0/1.0 MiB\n`)
    const lines = []
    bar({ write: (text) => lines.push(text) })(1 << 19, 1 << 20)
    bar({ write: (text) => lines.push(text) })(1 << 20, 1 << 20)
    assert.deepEqual(lines, ['sent 1.0 MiB\n'])
  })

  test('a folder goes to a dataset, in parts that are not sent again', async () => {
    const datasetId = (await ops().datasets.createDataset({ name: name(), version: '1.0.0', type: 'other' })).id
    const made = folder()
    const whole = Buffer.alloc(20 << 20)
    for (let at = 0, n = 0; at < whole.length; n++) at += whole.write(`row ${n}; of a long table\n`, at)
    writeFileSync(path.join(made, 'rows.data'), whole)
    writeFileSync(path.join(made, 'more.data'), 'a;b\n')
    const how = { format: 'csv', delimiter: ';', header: false }
    const given = new AbortController()
    const onProgress = (sent) => sent > 10 << 20 && given.abort(new Error('enough'))
    await assert.rejects(ops().uploadDataset(datasetId, made, { ...how, concurrency: 1, onProgress, signal: given.signal }), /enough/)
    const [begun] = (await ops().datasets.listDatasetUploads({ datasetId })).items
    assert.deepEqual([begun.state, begun.format, begun.delimiter, begun.header], ['receiving', 'csv', ';', false])
    const files = await ops().uploadDataset(datasetId, made, how)
    assert.deepEqual(files.map((file) => [file.path, file.delimiter]).sort(), [['more.data', ';'], ['rows.data', ';']])
    const after = await ops().datasets.getDatasetUpload({ datasetId, uploadId: begun.id })
    assert.equal(after.state, 'complete', 'no second upload was begun')
    assert.equal(after.file.sha256, createHash('sha256').update(whole).digest('hex'))
  })

  test('a README.md in a folder is the card of the dataset', async () => {
    const datasetId = (await ops().datasets.createDataset({ name: name(), version: '1.0.0', type: 'other', tags: ['b'] })).id
    const made = folder()
    writeFileSync(path.join(made, 'README.md'), '---\nlicense: mit\ntags: [a]\n---\n# Rows\n')
    writeFileSync(path.join(made, 'rows.jsonl'), '{"a":1}\n')
    assert.deepEqual((await ops().uploadDataset(datasetId, made)).map((file) => file.path), ['rows.jsonl'])
    const now = await ops().datasets.getDataset({ datasetId })
    assert.deepEqual([now.rows, now.metadata, now.tags], [1, { license: 'mit' }, ['b']])
  })
})
