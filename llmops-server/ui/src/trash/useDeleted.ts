/** Says that something is deleted: for good, or until when it can be brought back, which is one press away. */
import { useFormat } from '@/use/useFormat'
import { useText } from '@/use/texts'
import { useToasts } from '@/use/useToasts'
import type { Kind } from './trash'
import { useRestore } from './useRestore'

export function useDeleted() {
  const { t } = useText()
  const toast = useToasts()
  const { time } = useFormat()
  const restore = useRestore()
  return (kind: Kind, thing: { id: string; name: string; version: string }, until?: string | null) => {
    const text = t('trash.gone', { name: `${thing.name} ${thing.version}` })
    if (!until) return toast.good(text)
    toast.offer(text, t('trash.waits', { time: time(until) }), { label: t('trash.restore'), run: () => void restore(kind, { ...thing }) })
  }
}
