import { expect, test } from 'vitest'
import { EMPTY, fieldOf, requestOf, strays, type Values, valuesOf } from './request'

const values = (more: Partial<Values>): Values => ({ ...EMPTY, ...more })

test('a fine-tuning says its model and no architecture', () => {
  expect(requestOf(values({ datasetId: 'd', modelId: 'm', lr: '0.01' }))).toEqual({ jobType: 'finetune', method: 'full', datasetId: 'd', modelId: 'm', hyperparams: { lr: 0.01 } })
})

test('a model from nothing says its shape, and nothing that only fine-tuning has', () => {
  const request = requestOf(values({ jobType: 'from_scratch', datasetId: 'd', modelId: 'm', method: 'lora', rank: '4' }))
  expect(request).toEqual({ jobType: 'from_scratch', datasetId: 'd', modelFamily: 'llama', architecture: { hiddenSize: 128, layers: 4, heads: 4, kvHeads: 2, vocabulary: 1024, context: 128 } })
})

test('LoRA has its matrices only where they are trained', () => {
  const lora = { rank: '4', targets: ['q_proj'] }
  expect(requestOf(values({ method: 'lora', ...lora })).lora).toEqual({ rank: 4, targets: ['q_proj'] })
  expect(requestOf(values({ method: 'full', ...lora })).lora).toBeUndefined()
})

test('the CPU as a way out goes with a GPU only', () => {
  expect(requestOf(values({ gpuFallback: true }))).not.toHaveProperty('gpuFallback')
  expect(requestOf(values({ useGpu: true, gpuFallback: true }))).toMatchObject({ useGpu: true, gpuFallback: true })
})

test('what is no number is not sent', () => {
  expect(requestOf(values({ lr: 'much', seed: '0' })).hyperparams).toEqual({ seed: 0 })
})

test('a request and its form are the same', () => {
  const request = requestOf(values({ jobType: 'pretrain', datasetId: 'd', every: '10', split: '0.1', cpu: '2', priority: '-5', maxRetries: '0', outputName: 'o', outputVersion: '1.0.0', name: 'n' }))
  expect(requestOf(valuesOf(request))).toEqual(request)
})

test.each([
  ['hyperparams.lr', 'lr'],
  ['output.version', 'outputVersion'],
  ['datasetId', 'datasetId'],
  ['lora.targets[2]', 'targets'],
])('an error of %s is shown at %s', (path, field) => expect(fieldOf(path)).toBe(field))

test('what a typed request says in vain is named', () => {
  expect(strays({ jobType: 'finetune', hyperparams: { lr: 1, learningRate: 2 }, foo: 1, lora: { targets: ['q_proj'] } })).toEqual(['hyperparams.learningRate', 'foo'])
})
