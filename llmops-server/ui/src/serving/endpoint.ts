/** What the pages know of endpoints: columns, filters, limits as a form has them, and what a new one answers to. */
import type { Wire } from '@/api/types'
import type { Column, Filter } from '@/lists/types'

export type Endpoint = Wire<'Endpoint'>
export type Limits = Wire<'EndpointLimits'>

export const STATUSES = ['deploying', 'healthy', 'degraded', 'failed', 'stopped'] as const
export const ENVIRONMENTS = ['dev', 'stg', 'prod'] as const

/** How many are ready of those that there are to be: the same wherever endpoints stand. */
export const replicasOf = ({ replicas, minReplicas }: Pick<Endpoint, 'replicas' | 'minReplicas'>) => `${replicas.ready} / ${minReplicas}`

/** When it last became what it is. The platform looks at it all the time, which is no change; of a list its history is not known. */
export const changedAt = ({ history, createdAt }: Pick<Endpoint, 'history' | 'createdAt'>) => history?.at(-1)?.at ?? createdAt

export const columns: Column<Endpoint>[] = [
  { id: 'route', label: 'serving.route', width: 'minmax(200px, 2fr)', text: (endpoint) => endpoint.route },
  { id: 'status', label: 'serving.status', width: '130px' },
  { id: 'environment', label: 'serving.environment', width: '110px' },
  { id: 'model', label: 'serving.model', width: 'minmax(180px, 2fr)' },
  { id: 'replicas', label: 'serving.replicas', width: '90px', right: true, text: replicasOf },
  { id: 'revision', label: 'serving.revision', width: '80px', right: true, text: (endpoint) => endpoint.revision },
  { id: 'reason', label: 'serving.reason', width: 'minmax(200px, 3fr)', text: (endpoint) => endpoint.statusReason },
  { id: 'by', label: 'serving.createdBy', width: '130px', extra: true, text: (endpoint) => endpoint.createdBy },
  { id: 'created', label: 'serving.created', width: '120px', right: true },
  { id: 'updated', label: 'serving.looked', width: '120px', right: true, extra: true },
]

export const filters: Filter[] = [
  { id: 'text', label: 'serving.byRoute', kind: 'text' },
  { id: 'status', label: 'serving.status', kind: 'choice', options: STATUSES.map((value) => ({ value, label: `atoms.status.${value}` })) },
  { id: 'environment', label: 'serving.environment', kind: 'choice', options: ENVIRONMENTS.map((value) => ({ value, label: `serving.environments.${value}` })) },
]

export const isMoving = (endpoint: Endpoint) => endpoint.status === 'deploying' || endpoint.nextRevision != null || (endpoint.status === 'stopped' && endpoint.replicas.total > 0)

/** Limits as a form holds them: a field that is empty is left to the model. */
export type LimitValues = { maxConcurrentRequests: string | number; maxInputTokens: string | number; maxOutputTokens: string | number }

export const NO_LIMITS: LimitValues = { maxConcurrentRequests: '', maxInputTokens: '', maxOutputTokens: '' }

export const limitValues = (limits: Limits): LimitValues => ({
  maxConcurrentRequests: limits.maxConcurrentRequests ?? '',
  maxInputTokens: limits.maxInputTokens ?? '',
  maxOutputTokens: limits.maxOutputTokens ?? '',
})

export function limitsOf(values: LimitValues): Limits {
  const given = Object.entries(values).filter(([, value]) => String(value).trim() !== '')
  return Object.fromEntries(given.map(([name, value]) => [name, Number(value)])) as Limits
}

/** A route as it is typed: a name, with or without a slash before it. */
export const routeWrong = (route: string) =>
  !route.trim() ? 'forms.needed' : /^\/?[A-Za-z0-9._-]+\/?$/.test(route.trim()) ? undefined : 'serving.routeWrong'

export const bare = (route: string) => route.replace(/^\//, '')

/** How requests reach the endpoint, for each kind of caller. */
export function callsOf(route: string, root: string): { name: string; text: string }[] {
  const name = bare(route)
  const body = `{"model": "${name}", "messages": [{"role": "user", "content": "Hello"}]}`
  return [
    { name: 'curl', text: [`curl ${root}/v1/chat/completions`, `-H "Authorization: Bearer $LLMOPS_API_KEY"`, `-H 'Content-Type: application/json'`, `-d '${body}'`].join(' \\\n  ') },
    { name: 'Python', text: `import os\nimport openai\n\nclient = openai.OpenAI(base_url="${root}/v1", api_key=os.environ["LLMOPS_API_KEY"])\nanswer = client.chat.completions.create(\n    model="${name}",\n    messages=[{"role": "user", "content": "Hello"}],\n)\nprint(answer.choices[0].message.content)` },
    { name: 'CLI', text: `llmops-server chat ${name} "Hello" --url ${root}` },
  ]
}
