/** Where a model was sent, the newest first; followed as long as one of them moves. */
import { computed, ref, watchEffect } from 'vue'
import { usePages } from '@/api/pages'
import { isMoving } from '@/transfers/transfer'

/** Few at a time: they stand beside the model. */
const SIZE = 5

export function useSent(modelId: () => string, wanted: () => boolean) {
  const moves = ref(false)
  const { data, hasMore, more } = usePages('catalog.list_model_exports', () => ({ modelId: modelId() }), { size: SIZE, enabled: wanted, every: () => (moves.value ? 2_000 : false) })
  const sent = computed(() => (wanted() ? (data.value ?? []) : []))
  watchEffect(() => (moves.value = sent.value.some(isMoving)))
  return { sent, hasMore, more }
}
