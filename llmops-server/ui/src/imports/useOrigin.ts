/** The import that a model came with, if it did; followed as long as files of it come. */
import { useQueryClient } from '@tanstack/vue-query'
import { computed, ref, watch, watchEffect } from 'vue'
import { useRead } from '@/api/query'
import { isMoving } from '@/transfers/transfer'

export function useOrigin(modelId: () => string, wanted: () => boolean) {
  const client = useQueryClient()
  const moves = ref(false)
  const links = useRead('catalog.list_model_registry_links', () => ({ modelId: modelId(), limit: 1 }), { enabled: wanted, every: () => (moves.value ? 2_000 : false) })
  const origin = computed(() => (wanted() ? links.data.value?.items[0] : undefined))
  watchEffect(() => (moves.value = Boolean(origin.value && isMoving(origin.value))))
  watch(() => origin.value?.receivedFiles, (now, before) => {
    if (now !== undefined && before !== undefined) void client.invalidateQueries({ queryKey: ['catalog.list_model_files'] })
  })
  return origin
}
