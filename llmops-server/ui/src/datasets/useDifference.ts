/** How a version differs from the one it was made from, in a few words. */
import { useFormat } from '@/use/useFormat'
import { useText } from '@/use/texts'
import type { Dataset } from './dataset'

export function useDifference() {
  const { t } = useText()
  const { number } = useFormat()
  const signed = (count: number) => (count > 0 ? `+${number(count)}` : count < 0 ? `−${number(-count)}` : '±0')
  return ({ diffSummary: of }: Dataset): string | undefined => {
    if (!of) return undefined
    const base = of.baseVersion
    if (of.sameFiles) return t('datasets.since.same', { base })
    const told = (added: number, removed: number, changed: number) => ({ added: number(added), removed: number(removed), changed: number(changed) })
    const rows = of.compared ? t('datasets.since.compared', told(of.compared.added, of.compared.removed, of.compared.modified)) : t('datasets.since.rows', { n: signed(of.rows) })
    const differ = of.columnsAdded + of.columnsRemoved + of.columnsChanged
    const columns = differ ? [t('datasets.since.columns', told(of.columnsAdded, of.columnsRemoved, of.columnsChanged))] : []
    return t('datasets.since.base', { base, what: [rows, ...columns].join(', ') })
  }
}
