/** The settings of the page, kept in the address so that a talk can be sent to somebody; written there once typing rests. */
import { reactive, watch } from 'vue'
import { useUrlValues } from '@/use/useUrl'
import { type Settings, USUAL } from './settings'

export function useSettings(): Settings {
  const names = Object.keys(USUAL) as (keyof Settings)[]
  const { values, set } = useUrlValues(() => names)
  const settings = reactive<Settings>({ ...USUAL, ...values.value })
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(settings, (now) => {
    clearTimeout(timer)
    timer = setTimeout(() => void set(Object.fromEntries(names.map((name) => [name, String(now[name] ?? '') || undefined]))), 400)
  })
  return settings
}
