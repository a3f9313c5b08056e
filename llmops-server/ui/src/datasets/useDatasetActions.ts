/** The changes of a dataset and what follows each. */
import { useRouter } from 'vue-router'
import { useDo } from '@/api/query'
import type { OpId } from '@/api/types'
import { useDeleted } from '@/trash/useDeleted'
import { useText } from '@/use/texts'
import { useToasts } from '@/use/useToasts'
import type { Dataset } from './dataset'

const CHANGES: OpId[] = ['datasets.get_dataset', 'datasets.list_datasets', 'datasets.list_dataset_reviews', 'datasets.list_dataset_versions']

export function useDatasetActions(dataset: () => Dataset, closed: () => void) {
  const { t } = useText()
  const toast = useToasts()
  const router = useRouter()
  const tellDeleted = useDeleted()
  const moved = ({ status }: Dataset) => {
    closed()
    toast.good(t('datasets.moved', { name: dataset().name, status: t(`atoms.status.${status}`) }))
  }
  const move = useDo('datasets.set_dataset_status', { touches: CHANGES, done: moved })
  const review = useDo('datasets.review_dataset', { touches: CHANGES, done: moved })
  const validate = useDo('datasets.validate_dataset', {
    touches: [...CHANGES, 'datasets.get_dataset_validation'],
    done: () => void router.replace({ query: { tab: 'validation' } }),
  })
  const version = useDo('datasets.create_dataset_version', {
    touches: ['datasets.list_datasets', 'datasets.list_dataset_versions'],
    done: (made) => {
      closed()
      void router.push({ name: 'dataset', params: { id: made.id }, query: { tab: 'files' } })
    },
  })
  const restore = useDo('datasets.restore_dataset_version', {
    touches: ['datasets.list_datasets', 'datasets.list_dataset_versions'],
    done: (made) => {
      closed()
      toast.good(t('datasets.restore.done', { version: made.version }))
      void router.push({ name: 'dataset', params: { id: made.id } })
    },
  })
  const purpose = useDo('datasets.update_dataset', {
    touches: CHANGES,
    done: ({ type }) => {
      closed()
      toast.good(t('datasets.purpose.done', { name: dataset().name, type: t(`datasets.types.${type}`) }))
    },
  })
  const remove = useDo('datasets.delete_dataset', {
    touches: ['datasets.list_datasets', 'datasets.list_trashed_datasets', 'datasets.list_dataset_deletions'],
    done: ({ restorableUntil }) => {
      tellDeleted('dataset', dataset(), restorableUntil)
      void router.push({ name: 'datasets' })
    },
  })
  return { move, review, validate, version, restore, purpose, remove }
}
