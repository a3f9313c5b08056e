/** Whether a model has what counts tokens: said before the server is asked in vain. */
import { computed } from 'vue'
import { useWhole } from '@/lists/useWhole'

const FILE = 'tokenizer.json'

export function useTokenizer(modelId: () => string) {
  const files = useWhole('catalog.list_model_files', () => ({ modelId: modelId() }), { enabled: () => modelId() !== '' })
  const lacks = computed(() => Boolean(modelId() && files.data.value && !files.data.value.some(({ path }) => path === FILE)))
  return { lacks }
}
