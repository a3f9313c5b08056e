/** Where the outcome of a step has its page. */
import type { Seen, StepId } from './story'

export type Outcome = { kind: string; id: string; name: string }

export function outcomesOf(id: StepId, { datasets, jobs, models, runs, endpoint }: Seen): Outcome[] {
  const found = (kind: string, thing: { id: string } | undefined, name: string) => (thing ? [{ kind, id: thing.id, name }] : [])
  const dataset = (it: Seen['datasets']['speeches']) => found('dataset', it, `${it?.name} ${it?.version}`)
  const model = (it: Seen['models']['base']) => found('model', it, `${it?.name} ${it?.version}`)
  if (id === 'speeches' || id === 'capitals' || id === 'heldout') return dataset(datasets[id])
  if (id === 'train') return [...found('job', jobs.base, jobs.base?.name ?? ''), ...model(models.base)]
  if (id === 'tune') return [...found('job', jobs.tuned, jobs.tuned?.name ?? ''), ...model(models.tuned)]
  if (id === 'measureBase') return found('evaluation', runs.base, runs.base?.name ?? '')
  if (id === 'measureTuned') return found('evaluation', runs.tuned, runs.tuned?.name ?? '')
  return id === 'deploy' ? found('endpoint', endpoint, endpoint?.route ?? '') : []
}
