/** A dataset's card as its page reads and saves it: the fields with the record, the text as a `README.md`. */
import { useQuery } from '@tanstack/vue-query'
import { computed, ref, shallowRef } from 'vue'
import { call } from '@/api/client'
import { type ApiError, asApiError } from '@/api/error'
import { queries } from '@/api/query'
import { textFrom } from '@/api/text'
import { upload } from '@/api/upload'
import { type CardChanges, readmeOf } from '@/cards/card'
import type { Dataset } from './dataset'

const TOUCHED = ['datasets.get_dataset', 'datasets.list_datasets', 'datasets.download_dataset_card']

/** The card as a `README.md`; another one is asked for when the dataset says that it changed. */
export const useReadme = (dataset: () => Dataset) =>
  useQuery<string, ApiError>({
    queryKey: computed(() => ['datasets.download_dataset_card', dataset().id, dataset().cardDigest ?? '']),
    queryFn: ({ signal }) => textFrom('datasets.download_dataset_card', { datasetId: dataset().id }, signal),
    placeholderData: (before) => before,
  })

export function useCardSave(done: () => void) {
  const [busy, error, base] = [ref(false), shallowRef<ApiError | null>(null), shallowRef<Dataset>()]
  function begin(dataset: Dataset) {
    error.value = null
    base.value = dataset
  }
  async function save({ text, ...changes }: CardChanges) {
    if (!base.value) return
    const datasetId = base.value.id
    busy.value = true
    error.value = null
    try {
      // What is saved is bound to what was read: somebody else's change in between is a refusal, not a loss.
      base.value = await call('datasets.update_dataset', { datasetId, ...changes }, { ifMatch: base.value.etag })
      if (text !== undefined) await upload('datasets.upload_dataset_files', { datasetId, replace: true }, readmeOf(text), 'README.md', () => {}).done
      done()
    } catch (thrown) {
      error.value = asApiError(thrown)
    } finally {
      busy.value = false
      for (const op of TOUCHED) void queries.invalidateQueries({ queryKey: [op] })
    }
  }
  return { busy, error, begin, save }
}
