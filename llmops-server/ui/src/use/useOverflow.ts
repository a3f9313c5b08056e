/** Whether a box holds more than it shows. */
import { onScopeDispose, ref, type Ref, watch } from 'vue'

/** `content` is what grows within the box. */
export function useOverflow(box: Readonly<Ref<HTMLElement | null>>, content: Readonly<Ref<HTMLElement | null>>) {
  const over = ref(false)
  const size = new ResizeObserver(() => (over.value = Boolean(box.value && box.value.scrollHeight > box.value.clientHeight)))
  watch([box, content], (elements) => {
    size.disconnect()
    for (const element of elements) if (element) size.observe(element)
  }, { immediate: true })
  onScopeDispose(() => size.disconnect())
  return over
}
