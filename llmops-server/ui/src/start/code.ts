/** Each step as other doors do it: curl, Python, and the command that `quickstart` shows. */
import { ROOT, urlOf } from '@/api/client'
import type { OpId } from '@/api/types'
import { samples } from '@/forms/samples'
import { BASE, cardOf, createOf, DATA, type DataId, deploy, measure, METRICS, type ModelRole, MODELS, PURPOSES, QUESTION, REVIEWER, ROUTE, trainBase, trainTuned, TUNED, VERSION } from './plan'
import type { Seen, StepId } from './story'

type Call = { op: OpId; input: object; by?: 'reviewer' } | { file: string; datasetId: string }
type Sample = { name: string; text: string }

/** Ids as the server gave them, or what stands for them. */
const idOf = (thing: { id: string } | undefined, otherwise: string) => thing?.id ?? otherwise

function callsOf(id: StepId, seen: Seen): Call[] {
  const [base, tuned] = [idOf(seen.models.base, 'BASE_MODEL_ID'), idOf(seen.models.tuned, 'TUNED_MODEL_ID')]
  const heldout = idOf(seen.datasets.heldout, 'HELDOUT_ID')
  if (id === 'speeches' || id === 'capitals' || id === 'heldout') return dataCalls(id, idOf(seen.datasets[id], 'DATASET_ID'))
  if (id === 'train') return [{ op: 'training.submit_job', input: trainBase(idOf(seen.datasets.speeches, 'SPEECHES_ID')) }]
  if (id === 'tune') return [{ op: 'training.submit_job', input: trainTuned(idOf(seen.datasets.capitals, 'CAPITALS_ID'), base) }]
  if (id === 'measureBase') return [{ op: 'evaluation.start_run', input: measure('base', base, heldout) }]
  if (id === 'measureTuned') return [{ op: 'evaluation.start_run', input: measure('tuned', tuned, heldout) }]
  if (id === 'approveBase') return approvalCalls('base', base)
  if (id === 'approveTuned') return approvalCalls('tuned', tuned)
  if (id === 'deploy') return [{ op: 'serving.deploy_endpoint', input: deploy(tuned) }]
  return [{ op: 'gateway.chat', input: { route: ROUTE, messages: [{ role: 'user', content: QUESTION }], temperature: 0, maxTokens: 32 } }]
}

const dataCalls = (id: DataId, datasetId: string): Call[] => [
  ...(id === 'speeches' ? [{ op: 'governance.create_api_key' as const, input: REVIEWER }] : []),
  { op: 'datasets.create_dataset', input: createOf(id) },
  { file: DATA[id].file, datasetId },
  { op: 'datasets.validate_dataset', input: { datasetId } },
  { op: 'datasets.set_dataset_status', input: { datasetId, status: 'under_review' } },
  { op: 'datasets.review_dataset', input: { datasetId, version: VERSION, decision: 'approve' }, by: 'reviewer' },
]

const approvalCalls = (role: ModelRole, modelId: string): Call[] => [
  { op: 'catalog.update_model', input: { modelId, metadata: cardOf(PURPOSES[role]) } },
  { op: 'catalog.set_model_status', input: { modelId, status: 'under_review' } },
  { op: 'catalog.review_model', input: { modelId, version: VERSION, decision: 'approve' }, by: 'reviewer' },
]

function curlOf(call: Call): string {
  if (!('op' in call)) {
    const url = urlOf('datasets.upload_dataset_files', { datasetId: call.datasetId })
    return [`curl -X POST ${url}`, `-H "Authorization: Bearer $LLMOPS_API_KEY"`, `-F file=@examples/data/${call.file}`].join(' \\\n  ')
  }
  const text = samples(call.op, call.input as Record<string, unknown>)[0].text
  return call.by ? text.replace('$LLMOPS_API_KEY', '$REVIEWER') : text
}

function pythonOf(call: Call): string {
  if (!('op' in call)) return `ops.datasets.upload_dataset_files(dataset_id="${call.datasetId}", files="examples/data/${call.file}")`
  const text = samples(call.op, call.input as Record<string, unknown>)[1].text.split('\n').slice(3).join('\n')
  return call.by ? text.replace(/^ops/, 'reviewer') : text
}

export function codeOf(id: StepId, seen: Seen): Sample[] {
  const calls = callsOf(id, seen)
  const reviewer = calls.some((call) => 'by' in call && call.by) ? [`reviewer = llmops.connect("${ROOT}", api_key=os.environ["REVIEWER"])`] : []
  const head = [...(reviewer.length ? ['import os'] : []), 'import llmops', '', `ops = llmops.connect("${ROOT}")`, ...reviewer, ''].join('\n')
  return [
    { name: 'curl', text: calls.map(curlOf).join('\n\n') },
    { name: 'Python', text: `${head}\n${calls.map(pythonOf).join('\n')}` },
    { name: 'CLI', text: [`export LLMOPS_URL=${ROOT}`, ...commandsOf(id)].join('\n') },
  ]
}

const REVIEWER_KEY = `REVIEWER=$(llmops-server call governance.create_api_key name=reviewer 'roles=["reviewer"]' --json | jq -r .secret)`
const spec = (request: object) => `--spec <(echo '${JSON.stringify({ ...request, datasetId: undefined, modelId: undefined })}')`

function commandsOf(id: StepId): string[] {
  const command = 'llmops-server'
  if (id === 'speeches' || id === 'capitals' || id === 'heldout') {
    const { name, type, file } = DATA[id]
    return [
      ...(id === 'speeches' ? [REVIEWER_KEY] : []),
      `${command} datasets create ${name} ${VERSION} examples/data/${file} --type ${type}`,
      `${command} datasets validate ${name} && ${command} datasets submit ${name}`,
      `LLMOPS_API_KEY=$REVIEWER ${command} datasets approve ${name}`,
    ]
  }
  if (id === 'train') return [`${command} train start --dataset ${DATA.speeches.name} ${spec(trainBase(''))}`]
  if (id === 'tune') return [`${command} train start --dataset ${DATA.capitals.name} --model ${BASE} ${spec(trainTuned('', ''))}`]
  if (id === 'approveBase' || id === 'approveTuned') {
    const role: ModelRole = id === 'approveBase' ? 'base' : 'tuned'
    const card = Object.entries(cardOf(PURPOSES[role])).map(([part, text]) => ` --card ${part}='${text}'`)
    return [`${command} models update ${MODELS[role]}${card.join('')}`, `${command} models submit ${MODELS[role]} && LLMOPS_API_KEY=$REVIEWER ${command} models approve ${MODELS[role]}`]
  }
  if (id === 'measureBase' || id === 'measureTuned') {
    const name = id === 'measureBase' ? BASE : TUNED
    return [`${command} evaluate start --model ${name} --dataset ${DATA.heldout.name} --max-tokens 32${METRICS.map((metric) => ` --metric ${metric}`).join('')}`]
  }
  return id === 'deploy' ? [`${command} deploy ${TUNED} --route ${ROUTE}`] : [`${command} chat ${ROUTE} "${QUESTION}" --temperature 0`]
}
