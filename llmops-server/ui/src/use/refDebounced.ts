/** A value that follows another once it has rested. */
import { customRef, type Ref, watch } from 'vue'

export function refDebounced<T>(source: Ref<T>, ms: number): Ref<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  let value = source.value
  return customRef((track, trigger) => {
    watch(source, (now) => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        value = now
        trigger()
      }, ms)
    })
    return { get: () => (track(), value), set: () => {} }
  })
}
