/** Where a model was sent lately; followed as long as one of them moves. */
import { computed, ref, watchEffect } from 'vue'
import { useRead } from '@/api/query'
import { isMoving } from '@/transfers/transfer'

const MOST = 5

export function useSent(modelId: () => string, wanted: () => boolean) {
  const moves = ref(false)
  const found = useRead('catalog.list_model_exports', () => ({ modelId: modelId(), limit: MOST }), { enabled: wanted, every: () => (moves.value ? 2_000 : false) })
  const sent = computed(() => (wanted() ? (found.data.value?.items ?? []) : []))
  watchEffect(() => (moves.value = sent.value.some(isMoving)))
  return sent
}
