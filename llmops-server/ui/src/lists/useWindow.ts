/** Which rows of a scrolled box are in sight, all rows being of one height: enough for lists of any length. */
import { computed, onBeforeUnmount, onMounted, type Ref, ref, type ShallowRef } from 'vue'

/** Rows beyond the edges that are drawn too, so that a fast wheel meets no blank. */
const BEYOND = 16

export type Span = { first: number; last: number }

export function span(top: number, height: number, row: number, count: number): Span {
  const first = Math.max(0, Math.floor(top / row) - BEYOND)
  return { first, last: Math.min(count, Math.ceil((top + height) / row) + BEYOND) }
}

export function useWindow(box: Readonly<ShallowRef<HTMLElement | null>>, row: number, count: () => number, start = 0) {
  const top: Ref<number> = ref(start)
  const height = ref(900)
  const look = () => box.value && (top.value = box.value.scrollTop)
  const size = new ResizeObserver(() => box.value && (height.value = box.value.clientHeight))
  onMounted(() => {
    if (!box.value) return
    if (start) box.value.scrollTop = start
    size.observe(box.value)
    box.value.addEventListener('scroll', look, { passive: true })
    look()
  })
  onBeforeUnmount(() => size.disconnect())
  const shown = computed(() => span(top.value, height.value, row, count()))
  const firstSeen = computed(() => Math.min(Math.floor(top.value / row), Math.max(0, count() - 1)))
  return { shown, top, firstSeen }
}
