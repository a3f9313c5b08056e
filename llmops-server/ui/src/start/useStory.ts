/** Reads what the story made so far, and follows it while something is on its way. */
import { computed, ref } from 'vue'
import { useRead } from '@/api/query'
import { BASE, DATA, type DataId, ROUTE, TUNED, VERSION } from './plan'
import { isMoving, jobOf, runOf, type Seen, stepsOf } from './story'

export function useStory() {
  const moving = ref(false)
  const every = computed(() => (moving.value ? 1_500 : 10_000))
  const dataset = (id: DataId) => useRead('datasets.list_datasets', { name: DATA[id].name, version: VERSION, limit: 1 }, { every })
  const data = { speeches: dataset('speeches'), capitals: dataset('capitals'), heldout: dataset('heldout') }
  const model = (name: string) => useRead('catalog.list_models', { name, version: VERSION, limit: 1 }, { every })
  const models = { base: model(BASE), tuned: model(TUNED) }
  const found = (name: 'base' | 'tuned') => models[name].data.value?.items.find(({ digest }) => digest)
  const [base, tuned] = [computed(() => found('base')), computed(() => found('tuned'))]
  const [speeches, capitals, heldout] = (['speeches', 'capitals', 'heldout'] as const).map((id) => computed(() => data[id].data.value?.items[0]))
  // Nobody can ask for jobs by their name: those of the story are the ones that read its data.
  const job = (jobType: 'from_scratch' | 'finetune', of: typeof speeches) =>
    useRead('training.list_jobs', () => ({ datasetId: of.value?.id ?? '', jobType, limit: 200 }), { every, enabled: () => Boolean(of.value) })
  const jobs = { base: job('from_scratch', speeches), tuned: job('finetune', capitals) }
  const run = (of: typeof base) =>
    useRead('evaluation.list_runs', () => ({ modelId: of.value?.id ?? '', datasetId: heldout.value?.id, limit: 50 }), { every, enabled: () => Boolean(of.value && heldout.value) })
  const runs = { base: run(base), tuned: run(tuned) }
  const endpoints = useRead('serving.list_endpoints', () => ({ modelId: tuned.value?.id ?? '', limit: 1000 }), { every, enabled: () => Boolean(tuned.value) })
  const charges = useRead('cost.list_cost_entries', { model: TUNED, resourceType: 'request', limit: 1 }, { every })

  const all = [...Object.values(data), ...Object.values(jobs), ...Object.values(models), ...Object.values(runs), endpoints, charges]
  const first = [...Object.values(data), ...Object.values(models)]
  /** Without data there are no jobs that read it. */
  const awaited = computed(() => [...first, ...(speeches.value ? [jobs.base] : []), ...(capitals.value ? [jobs.tuned] : [])])
  // What was seen stays while more is asked for that just became known of.
  const seen = computed<Seen | undefined>((before) => {
    if (awaited.value.some((read) => read.data.value === undefined)) return before
    return {
      datasets: { speeches: speeches.value, capitals: capitals.value, heldout: heldout.value },
      jobs: { base: jobOf(jobs.base.data.value?.items ?? [], BASE), tuned: jobOf(jobs.tuned.data.value?.items ?? [], TUNED) },
      models: { base: base.value, tuned: tuned.value },
      runs: { base: runOf(runs.base.data.value?.items ?? []), tuned: runOf(runs.tuned.data.value?.items ?? []) },
      endpoint: endpoints.data.value?.items.find(({ route }) => route === `/${ROUTE}`),
      chatted: Boolean(charges.data.value?.items.length),
    }
  })
  const steps = computed(() => {
    const now = seen.value ? stepsOf(seen.value) : []
    moving.value = isMoving(now)
    return now
  })
  const refetch = () => Promise.all(all.map((read) => read.refetch()))
  return {
    seen,
    steps,
    view: {
      data: seen,
      error: computed(() => all.map((read) => read.error.value).find(Boolean) ?? null),
      isFetching: computed(() => awaited.value.some((read) => read.isFetching.value)),
      refetch,
    },
  }
}
