/** The change log of a dataset as it is written anew: begun when asked for, and kept unless another changed the record in between. */
import { type Ref, ref, watch } from 'vue'
import { useDo } from '@/api/query'
import type { Dataset } from './dataset'

export function useChangeLog(dataset: () => Dataset, open: Ref<boolean>) {
  /** The record as it was when somebody began: another's change in between is a refusal, not a loss. */
  const [text, base] = [ref(''), ref(dataset())]
  const save = useDo('datasets.update_dataset', {
    touches: ['datasets.get_dataset', 'datasets.list_datasets', 'datasets.list_dataset_versions'],
    call: () => ({ ifMatch: base.value.etag }),
    done: () => (open.value = false),
  })
  watch(open, (now) => {
    if (!now) return
    save.reset()
    base.value = dataset()
    text.value = dataset().changeLog ?? ''
  }, { immediate: true })
  const send = () => save.mutate({ datasetId: base.value.id, changeLog: text.value.trim() || null })
  return { text, send, busy: save.isPending, error: save.error }
}
