/** The changes of a model and what follows each. */
import { useRouter } from 'vue-router'
import { useDo } from '@/api/query'
import type { OpId } from '@/api/types'
import { useDeleted } from '@/trash/useDeleted'
import { useFormat } from '@/use/useFormat'
import { useText } from '@/use/texts'
import { useToasts } from '@/use/useToasts'
import type { Model } from './model'

const CHANGES: OpId[] = ['catalog.get_model', 'catalog.list_models', 'catalog.list_model_reviews', 'catalog.list_model_versions', 'catalog.get_model_gates']

export function useModelActions(model: () => Model, closed: () => void) {
  const { t } = useText()
  const toast = useToasts()
  const router = useRouter()
  const tellDeleted = useDeleted()
  const { number, bytes } = useFormat()

  const move = useDo('catalog.set_model_status', {
    touches: CHANGES,
    done: ({ status }) => {
      closed()
      toast.good(t('models.moved', { name: model().name, status: t(`atoms.status.${status}`) }))
    },
  })
  const review = useDo('catalog.review_model', {
    touches: CHANGES,
    done: ({ status }) => {
      closed()
      // Where the project wants several approvals, one alone changes nothing yet.
      if (status === 'under_review') return void toast.good(t('models.approvedOnce', { name: model().name }))
      toast.good(t('models.moved', { name: model().name, status: t(`atoms.status.${status}`) }))
    },
  })
  const verify = useDo('catalog.verify_model', {
    touches: ['catalog.get_model', 'catalog.list_model_files', 'catalog.get_model_gates'],
    done: (answer) =>
      answer.verified
        ? toast.good(t('models.verified', { files: number(answer.files), bytes: bytes(answer.bytes) }))
        : toast.note(t('models.damaged', { files: answer.damaged.join(', ') })),
  })
  const remove = useDo('catalog.delete_model', {
    touches: ['catalog.list_models', 'catalog.list_trashed_models'],
    done: ({ restorableUntil }) => {
      tellDeleted('model', model(), restorableUntil)
      void router.push({ name: 'models' })
    },
  })
  return { move, review, verify, remove }
}
