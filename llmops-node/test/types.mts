// What the types say; checked by the compiler, never run.

import { LlmOpsError, connect, open, type LlmOps, type Model, type ModelStatus, type Page } from 'llmops'

function same<T>(_: T): void {}

export async function story(): Promise<void> {
  const ops: LlmOps = await open('./data', { loops: false })
  const model = await ops.catalog.createModel({ name: 'tiny', version: '1.0.0' }, { idempotencyKey: 'k' })
  same<Model>(model)
  same<ModelStatus>(model.status)
  same<string | undefined>(model.ownerTeam)
  const page: Page<Model> = await ops.catalog.listModels()
  for await (const one of page) same<string>(one.name)
  for await (const now of ops.catalog.watchModel({ modelId: model.id })) same<Model>(now)
  await ops.catalog.updateModel({ modelId: model.id, tags: ['a'] }, { ifMatch: model.etag })
  await ops.catalog.updateModel({ modelId: model.id, ownerTeam: null })
  await ops.catalog.updateModel({ modelId: model.id, tags: null })
  // @ts-expect-error a family cannot be emptied
  await ops.catalog.updateModel({ modelId: model.id, modelFamily: null })
  await ops.catalog.uploadModelFiles({ modelId: model.id }, { 'config.json': Buffer.from('{}') })
  const sent = await ops.uploadFolder(model.id, ['./a', './b'], { concurrency: 2, onProgress: (at, total) => same<number>(total - at) })
  same<string | undefined>(sent[0]?.sha256)
  const rows = await ops.uploadDataset('id', './a.csv', { format: 'csv', header: true, onProgress: (at) => same<number>(at) })
  same<number | undefined>(rows[0]?.rows)
  // @ts-expect-error no such format
  await ops.uploadDataset('id', './a.csv', { format: 'xlsx' })
  await ops.withProject('other').governance.listProjects()
  const file = await ops.catalog.downloadModelFile({ modelId: model.id, path: 'config.json' })
  same<Buffer>(await file.bytes())

  for await (const row of ops.rows({ datasetId: model.id, columns: ['text'], limit: 5 })) same<unknown>(row.text)
  for await (const row of ops.rows<{ text: string }>({ datasetId: model.id })) same<string>(row.text)
  // @ts-expect-error rows come as objects
  ops.rows({ datasetId: model.id, format: 'arrow' })

  // @ts-expect-error the version is required
  await ops.catalog.createModel({ name: 'tiny' })
  // @ts-expect-error no such type of model
  await ops.catalog.createModel({ name: 'tiny', version: '1.0.0', type: 'large' })
  // @ts-expect-error no such field
  await ops.catalog.getModel({ modelId: model.id, colour: 'red' })
  // @ts-expect-error a list cannot be made once
  await ops.catalog.listModels({}, { idempotencyKey: 'k' })

  try {
    const hasty: LlmOps = connect('http://127.0.0.1:8080', { apiKey: 'k', timeout: 2500 }).withOptions({ maxRetries: 0 })
    await hasty.catalog.getModel({ modelId: model.id })
  } catch (error) {
    if (error instanceof LlmOpsError && error.kind === 'not_found') same<string | undefined>(error.hint)
  }
  await ops.close()
}
