import { expect, test } from 'vitest'
import { checks, requestOf, valuesOf } from './request'

test('an endpoint is asked for with what was typed, and without what was left to the model', () => {
  const values = valuesOf({ modelId: 'm' })
  const said = (more: object) => JSON.parse(JSON.stringify(requestOf({ ...values, route: ' /chat', ...more })))
  expect(said({})).toEqual({ modelId: 'm', route: 'chat', environment: 'dev', minReplicas: 1 })
  expect(said({ environment: 'prod', minReplicas: '2', rollbackPlan: ' back ', limits: { maxConcurrentRequests: '4', maxInputTokens: '', maxOutputTokens: 256 } })).toEqual({
    modelId: 'm', route: 'chat', environment: 'prod', minReplicas: 2, rollbackPlan: 'back', limits: { maxConcurrentRequests: 4, maxOutputTokens: 256 },
  })
})

test('production wants a way back, and replicas have bounds', () => {
  const values = valuesOf({})
  expect([checks.rollbackPlan('', values), checks.rollbackPlan('', { ...values, environment: 'prod' })]).toEqual([undefined, 'forms.needed'])
  expect([0, 1, 16, 17, 'x'].map(checks.minReplicas)).toEqual(['serving.replicasWrong', undefined, undefined, 'serving.replicasWrong', 'serving.replicasWrong'])
})
