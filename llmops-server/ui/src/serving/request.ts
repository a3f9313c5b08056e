/** The form of a new endpoint and the request it stands for. Pure. */
import type { Input } from '@/api/types'
import { needed } from '@/forms/useForm'
import { bare, type ENVIRONMENTS, type LimitValues, limitsOf, NO_LIMITS, routeWrong } from './endpoint'

export type Values = { modelId: string; route: string; environment: (typeof ENVIRONMENTS)[number]; minReplicas: string | number; limits: LimitValues; rollbackPlan: string }

/** What an address may fill in: the model that it is about. */
export const valuesOf = ({ modelId }: Record<string, unknown>): Values => ({
  modelId: typeof modelId === 'string' ? modelId : '',
  route: '',
  environment: 'dev',
  minReplicas: 1,
  limits: NO_LIMITS,
  rollbackPlan: '',
})

export function requestOf(values: Values): Input<'serving.deploy_endpoint'> {
  const limits = limitsOf(values.limits)
  return {
    modelId: values.modelId,
    route: bare(values.route.trim()),
    environment: values.environment,
    minReplicas: Number(values.minReplicas) || 1,
    limits: Object.keys(limits).length ? limits : undefined,
    rollbackPlan: values.rollbackPlan.trim() || undefined,
  }
}

export const checks = {
  modelId: needed,
  route: routeWrong,
  minReplicas: (count: string | number) => (Number(count) >= 1 && Number(count) <= 16 ? undefined : 'serving.replicasWrong'),
  rollbackPlan: (plan: string, { environment }: Values) => (environment === 'prod' ? needed(plan) : undefined),
}
