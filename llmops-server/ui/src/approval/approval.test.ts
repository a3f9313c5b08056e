import { expect, test } from 'vitest'
import { changesOf, type Policy, versionIn, type Words } from './approval'
import { type Gate, whyOf, wayOf } from './gates'
import { contentOf, emptyRow, fieldOf, requestOf, valuesOf, wrongIn } from './request'

const policy = {
  description: 'for the public',
  evaluations: [
    { metric: 'exact_match', options: {}, datasetId: 'd', atLeast: 0.7, minSamples: 10, modelTypes: ['fine-tuned'] },
    { metric: 'bleu', options: { tokenizer: 'char' }, atMost: 90, minSamples: 1, modelTypes: ['base', 'fine-tuned'] },
  ],
  licenses: ['apache-2.0', 'MIT'],
  approvals: 2,
  allowWarnings: true,
} as unknown as Policy
const words: Words = { t: (key, fill = {}) => `${key} ${Object.values(fill).join(' ')}`.trim(), number: String, score: String, nameOf: (id) => (id === 'd' ? 'faq 1.0.0' : undefined) }

test('a policy goes through its form unchanged', () => {
  const request = requestOf(valuesOf(policy))
  expect(contentOf(request)).toEqual(policy)
  expect(changesOf(policy, contentOf(request), words)).toEqual([])
})

test('a first version asks for nothing and leaves the rest to the platform', () => {
  expect(requestOf(valuesOf())).toEqual({ evaluations: [] })
  expect(contentOf({ evaluations: [] })).toMatchObject({ evaluations: [], approvals: 1, allowWarnings: false })
})

test('what is wrong is said at its field', () => {
  const values = valuesOf(policy)
  values.approvals = '11'
  values.licenses = 'MIT\nmit'
  values.evaluations[0].atLeast = '1'
  values.evaluations[0].atMost = '0.5'
  values.evaluations[1].options = '[1]'
  values.evaluations.push({ ...emptyRow(), minSamples: '0', base: false, tuned: false, atMost: 'x' })
  expect(wrongIn(values)).toEqual({
    'approvals': 'approval.approvalsWrong', 'licenses': 'approval.licensesTwice', 'evaluations.0.atLeast': 'approval.boundsWrong', 'evaluations.1.options': 'approval.optionsWrong',
    'evaluations.2.metric': 'forms.needed', 'evaluations.2.minSamples': 'approval.samplesWrong', 'evaluations.2.base': 'approval.typesWrong', 'evaluations.2.atMost': 'approval.valueWrong',
  })
})

test('an error of the server finds its field', () => {
  expect(['evaluations[1].options.tokenizer', 'evaluations[0].modelTypes', 'evaluations[2]', 'licenses[3]', undefined].map(fieldOf)).toEqual(['evaluations.1.options', 'evaluations.0.base', 'evaluations.2.metric', 'licenses', undefined])
})

test('two versions differ in words', () => {
  const after = { ...policy, approvals: 1, evaluations: [{ ...policy.evaluations[0], atLeast: 0.8 }] }
  expect(changesOf(policy, after, words)).toEqual([
    { name: 'approval.approvals', a: '2', b: '1' },
    { name: 'exact_match · faq 1.0.0', a: expect.stringContaining('approval.from 0.7'), b: expect.stringContaining('approval.from 0.8') },
    { name: 'bleu · approval.anyDataset', a: 'approval.upTo 90\napproval.samplesFrom 1\nmodels.types.base, models.types.fine-tuned\n{"tokenizer":"char"}', b: undefined },
  ])
})

const gate = (more: object) => ({ gate: 'evaluation', state: 'failed', text: 'said', required: policy.evaluations[0], ...more }) as Gate

test('a gate says why in words, or as the platform says it', () => {
  expect([
    whyOf(gate({ state: 'passed', value: 0.8 }), words),
    whyOf(gate({ code: 'evaluation_below', value: 0.5 }), words),
    whyOf(gate({ code: 'something_new' }), words),
    whyOf({ gate: 'card', state: 'passed', text: 'said' } as Gate, words),
    whyOf({ gate: 'approvals', state: 'reviewer', text: 'said', approvedBy: ['rita'], approvalsNeeded: 2 } as Gate, words),
  ]).toEqual(['approval.why.measured 0.8', 'approval.why.evaluation_below 0.5 0.7 – 10', 'said', 'approval.passed.card', 'approval.why.approvedBy 1 2 rita'])
})

test('a gate leads to where it is mended', () => {
  const way = (name: string, parameters: object, more = {}) => wayOf(gate({ operation: { name, parameters }, ...more }), 'm')
  expect(way('catalog.update_model', {})?.to).toEqual({ name: 'model', params: { id: 'm' }, query: { tab: 'card' } })
  expect(way('evaluation.get_run', {}, { runId: 'r' })?.to).toEqual({ name: 'evaluation-run', params: { id: 'r' } })
  const start = way('evaluation.start_run', { modelId: 'm', datasetId: 'd', metrics: [{ name: 'bleu', options: { tokenizer: 'char' } }] }, { code: 'evaluation_missing' })
  expect(start).toEqual({ to: { name: 'evaluation-create', query: { modelId: 'm', datasetId: 'd', metric: 'bleu', options: '{"tokenizer":"char"}' } }, label: 'approval.ways.start' })
  expect([way('evaluation.start_run', { modelId: 'm', metrics: ['bleu'] })?.label, way('else', {})]).toEqual(['approval.ways.again', undefined])
})

test('a version is a number of the address', () => expect(['2', '0', 'x', ''].map(versionIn)).toEqual([2, undefined, undefined, undefined]))
