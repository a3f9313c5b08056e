/** The changes of aliases and what follows each. */
import { useDo } from '@/api/query'
import type { OpId, Wire } from '@/api/types'
import { useText } from '@/use/texts'
import { useToasts } from '@/use/useToasts'

export type Alias = Wire<'ModelAlias'>

const CHANGES: OpId[] = ['catalog.list_model_aliases', 'catalog.list_model_alias_moves']

export function useAliases(closed: () => void) {
  const { t } = useText()
  const toast = useToasts()
  const moved = ({ alias, version }: Alias) => {
    closed()
    toast.good(t('models.aliasMoved', { alias, version }))
  }
  const set = useDo('catalog.set_model_alias', { touches: CHANGES, done: moved })
  const rollBack = useDo('catalog.roll_back_model_alias', { touches: CHANGES, done: moved })
  const remove = useDo('catalog.delete_model_alias', {
    touches: CHANGES,
    done: ({ alias }) => {
      closed()
      toast.good(t('models.aliasDeleted', { alias }))
    },
  })
  return { set, rollBack, remove }
}
