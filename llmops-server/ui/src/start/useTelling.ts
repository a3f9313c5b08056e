/** Carries steps out, one at a time; or, when asked to, each as soon as it can be. */
import { computed, type Ref, ref, shallowRef, watch } from 'vue'
import { type ApiError, asApiError } from '@/api/error'
import { queries } from '@/api/query'
import { carryOut, type Stage } from './actions'
import { nextOf, type Seen, type StepId, type StoryStep } from './story'

export function useTelling(seen: Ref<Seen | undefined>, steps: Ref<StoryStep[]>) {
  const [doing, stage, all] = [ref<StepId>(), ref<Stage>(), ref(false)]
  const failed = shallowRef<{ id: StepId; error: ApiError }>()

  async function run(id: StepId) {
    if (doing.value || !seen.value) return
    ;[doing.value, failed.value] = [id, undefined]
    try {
      await carryOut(id, seen.value, (now) => (stage.value = now))
    } catch (thrown) {
      ;[failed.value, all.value] = [{ id, error: asApiError(thrown) }, false]
    } finally {
      // What comes next is known once what was done is seen.
      await queries.invalidateQueries().catch(() => {})
      ;[doing.value, stage.value] = [undefined, undefined]
    }
  }

  watch([steps, doing, all], () => {
    if (!all.value || doing.value) return
    const next = nextOf(steps.value)
    if (next?.state === 'failed' || next?.id === 'chat') all.value = false
    else if (next) void run(next.id)
  })
  const goOn = computed(() => nextOf(steps.value)?.id)
  return { doing, stage, failed, all, run, goOn }
}
