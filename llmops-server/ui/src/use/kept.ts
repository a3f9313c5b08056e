/** A setting of this browser. */
import { type Ref, ref, watch } from 'vue'

export function kept<T extends string>(name: string, otherwise: T, valid: (text: string) => boolean): Ref<T> {
  const key = `llmops.${name}`
  const read = () => {
    const text = storage()?.getItem(key)
    return (text && valid(text) ? text : otherwise) as T
  }
  const value = ref(read()) as Ref<T>
  watch(value, (now) => storage()?.setItem(key, now))
  addEventListener('storage', (event) => event.key === key && (value.value = read()))
  return value
}

/** Some browsers forbid it; then settings last as long as the page. */
function storage(): Storage | undefined {
  try {
    return localStorage
  } catch {
    return undefined
  }
}
