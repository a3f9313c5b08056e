/** Brings something back out of the trash, and leads to it. From a toast too, when the page that deleted it is gone. */
import { useRouter } from 'vue-router'
import { call } from '@/api/client'
import { asApiError } from '@/api/error'
import { queries } from '@/api/query'
import { useText } from '@/use/texts'
import { useToasts } from '@/use/useToasts'
import { type Kind, namedIn, OPS } from './trash'

export function useRestore() {
  const { t } = useText()
  const toast = useToasts()
  const router = useRouter()
  return async (kind: Kind, { id, name, version }: { id: string; name: string; version: string }) => {
    const { restore, touches } = OPS[kind]
    try {
      await call(restore, namedIn(kind, id))
      for (const op of touches) void queries.invalidateQueries({ queryKey: [op] })
      toast.offer(t('trash.restored', { name: `${name} ${version}` }), t(`trash.asItWas.${kind}`), { label: t('trash.open'), run: () => void router.push({ name: kind, params: { id } }) })
      return true
    } catch (thrown) {
      toast.bad(asApiError(thrown))
      return false
    }
  }
}
