// The life of a model, from a text to a chat.
//
//   node examples/quickstart.mjs FOLDER     embedded: the platform runs in this process and keeps its data there
//   node examples/quickstart.mjs URL        the same lines against a server; LLMOPS_API_KEY is its key
//
// QUICK=1 trains for a few steps only: the whole way in seconds, with a model that has learned nothing.

import { connect, open } from 'llmops'

const quick = process.env.QUICK === '1'
const card = { purpose: 'names capitals', scope: 'an example', contact: 'you', license: 'CC0-1.0' }
const version = '1.0.0'

const place = process.argv[2]
if (!place) throw new Error('usage: node examples/quickstart.mjs FOLDER|URL')
const ops = /^https?:/.test(place) ? connect(place) : await open(place)
try {
  await story()
} finally {
  await ops.close()
}

async function story() {
  // Nobody approves his own work: the reviewer is somebody else.
  const made = await ops.governance.createApiKey({ name: 'example-reviewer', roles: ['reviewer'] })
  const reviewer = ops.withApiKey(made.secret)

  const speeches = await bringIn(reviewer, 'speeches', 'pretrain_corpus', 'corpus.txt')
  const capitals = await bringIn(reviewer, 'capitals', 'sft_pair', 'capitals-train.csv')
  const heldout = await bringIn(reviewer, 'capitals-heldout', 'benchmark', 'capitals-heldout.csv')

  const fresh = await train({
    jobType: 'from_scratch',
    name: 'example-base',
    datasetId: speeches.id,
    architecture: { hiddenSize: 128, layers: 4, heads: 4, kvHeads: 2, vocabulary: 1024, context: 128 },
    hyperparams: { maxSteps: quick ? 4 : 120, maxSeqLen: 96, lr: 0.002, seed: 1 },
  })
  const base = await approve(reviewer, fresh)
  const learned = await train({
    jobType: 'finetune',
    name: 'example-capitals',
    datasetId: capitals.id,
    modelId: base.id,
    hyperparams: { maxSteps: quick ? 4 : 300, lr: 0.003, seed: 1 },
  })
  const [before, after] = [await evaluate(base, heldout), await evaluate(learned, heldout)]
  console.log(`exact match on questions in other words: base ${before.toFixed(3)}, tuned ${after.toFixed(3)}`)

  const tuned = await approve(reviewer, learned)
  let endpoint = await ops.serving.deployEndpoint({ modelId: tuned.id, route: 'example-mjs' })
  const changes = ops.serving.watchEndpoint({ endpointId: endpoint.id })
  // Taking one by one keeps the stream; leaving a `for await` would hang up.
  while (!['healthy', 'failed'].includes(endpoint.status)) endpoint = (await changes.next()).value
  console.log(`${endpoint.route} is ${endpoint.status}`)

  const messages = [{ role: 'user', content: 'Can you tell me the capital of Alaska?' }]
  for await (const chunk of ops.gateway.chatStream({ route: 'example-mjs', messages, maxTokens: 24, temperature: 0 })) {
    for (const choice of chunk.choices) process.stdout.write(choice.delta.content ?? '')
  }
  console.log()
  await ops.serving.deleteEndpoint({ endpointId: endpoint.id })
  for await (const _ of changes); // the stream ends when the endpoint is gone and nothing of it runs
}

/** Uploads, validates and approves a dataset. */
async function bringIn(reviewer, name, type, file) {
  const { id: datasetId } = await ops.datasets.createDataset({ name, version, type })
  await ops.datasets.uploadDatasetFiles({ datasetId }, new URL(`data/${file}`, import.meta.url))
  await ops.datasets.validateDataset({ datasetId })
  let validation
  for await (validation of ops.datasets.watchDatasetValidation({ datasetId })); // the stream ends with the report
  await ops.datasets.setDatasetStatus({ datasetId, status: 'under_review' })
  const dataset = await reviewer.datasets.reviewDataset({ datasetId, version, decision: 'approve' })
  console.log(`${name}: ${dataset.rows} rows, quality ${validation.report.quality.score.toFixed(1)}, ${dataset.status}`)
  return dataset
}

/** Trains, shows the loss as it falls, and gives the model. */
async function train(request) {
  let job = await ops.training.submitJob({ ...request, output: { version } })
  for await (job of ops.training.watchJob({ jobId: job.id })) {
    const { step, steps, loss } = job.progress ?? {}
    if (loss !== undefined) process.stdout.write(`\r${job.name}: step ${step}/${steps}, loss ${loss.toFixed(3)}`)
  }
  console.log(`\n${job.name}: ${job.status} after ${job.cpuSeconds.toFixed(1)} CPU seconds ${job.statusReason}`)
  return ops.catalog.getModel({ modelId: job.outputModelId })
}

/** Fills the card, hands the model to the reviewer, and lets the reviewer approve it. */
async function approve(reviewer, model) {
  const modelId = model.id
  await ops.catalog.updateModel({ modelId, metadata: card })
  await ops.catalog.setModelStatus({ modelId, status: 'under_review' })
  return reviewer.catalog.reviewModel({ modelId, version: model.version, decision: 'approve' })
}

/** The share of held-out questions that the model answers word for word. */
async function evaluate(model, dataset) {
  let run = await ops.evaluation.startRun({
    modelId: model.id,
    datasetId: dataset.id,
    metrics: ['exact_match'],
    parameters: { maxTokens: 24, temperature: 0 },
    limit: quick ? 8 : undefined,
  })
  for await (run of ops.evaluation.watchRun({ runId: run.id })); // the stream ends with the scores
  return run.metrics[0].value
}
