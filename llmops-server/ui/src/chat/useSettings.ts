/** The settings of the page, kept in the address so that a talk can be sent to somebody; written there once typing rests. */
import { reactive, watch } from 'vue'
import { useLater } from '@/use/useLater'
import { useUrlValues } from '@/use/useUrl'
import { type Settings, USUAL } from './settings'

export function useSettings(): Settings {
  const names = Object.keys(USUAL) as (keyof Settings)[]
  const { values, set } = useUrlValues(() => names)
  const settings = reactive<Settings>({ ...USUAL, ...values.value })
  const { later } = useLater(400)
  watch(settings, (now) => later(() => void set(Object.fromEntries(names.map((name) => [name, String(now[name] ?? '') || undefined])))))
  return settings
}
