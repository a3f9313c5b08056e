/** An import or export, followed as long as it moves. */
import { useQueryClient } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { useLive, useRead } from '@/api/query'
import { isMoving, namedIn, type Transfer, type Way, WAYS } from './transfer'

export function useTransfer(way: Way, id: () => string) {
  const client = useQueryClient()
  const { get, watch: follow, changes } = WAYS[way]
  const asked = () => namedIn(way, id())
  const found = useRead(get, asked)
  const one = computed<Transfer | undefined>(() => found.data.value)
  const moves = computed(() => Boolean(one.value && isMoving(one.value)))
  useLive(follow, asked, get, (now) => now, moves)
  watch(moves, (now, before) => {
    if (before && !now) for (const op of changes) void client.invalidateQueries({ queryKey: [op] })
  })
  return { found, one }
}
