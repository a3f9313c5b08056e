/** Which rows of a scrolled box are in sight, all rows being of one height: enough for lists of any length. */
import { computed, nextTick, onBeforeUnmount, onMounted, type Ref, ref, type ShallowRef } from 'vue'
import type { Span } from './rows'

/** Rows beyond the edges that are drawn too, so that a fast wheel meets no blank. */
const BEYOND = 16

export function span(top: number, height: number, row: number, count: number, beyond = BEYOND): Span {
  const first = Math.max(0, Math.floor(top / row) - beyond)
  return { first, last: Math.min(count, Math.ceil((top + height) / row) + beyond) }
}

/** By how many rows what stood at `at`, or what came next and is still there, moved up: as many as left above it, or less as others came. */
export function risen<T>(before: T[], now: T[], at: number, idOf: (row: T) => string): number {
  const isThere = at < before.length && at < now.length && idOf(before[at]) === idOf(now[at])
  // Who is at the top sees what comes there.
  if (at === 0 || isThere) return 0
  const places = new Map(now.map((row, place) => [idOf(row), place]))
  const place = before.slice(at).map((row) => places.get(idOf(row))).find((place) => place !== undefined)
  return place === undefined ? 0 : at - place
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
  const seen = computed<Span>(() => {
    const { first, last } = span(top.value, height.value, row, count(), 0)
    return { first: Math.min(first, Math.max(0, count() - 1)), last }
  })
  /** Goes along with rows that are about to move up by so many. */
  async function rise(rows: number) {
    if (!rows || !box.value) return
    const to = Math.max(0, box.value.scrollTop - rows * row)
    top.value = to
    await nextTick()
    if (box.value) box.value.scrollTop = to
  }
  return { shown, top, seen, rise }
}
