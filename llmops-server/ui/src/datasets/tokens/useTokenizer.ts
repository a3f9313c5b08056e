/** Whether a model has what counts tokens: said before the server is asked in vain. */
import { computed } from 'vue'
import { useRead } from '@/api/query'

const FILE = 'tokenizer.json'

export function useTokenizer(modelId: () => string) {
  const files = useRead('catalog.list_model_files', () => ({ modelId: modelId(), limit: 1000 }), { enabled: () => modelId() !== '' })
  const lacks = computed(() => {
    const { items, page } = (modelId() && files.data.value) || {}
    return Boolean(items && !page?.nextCursor && !items.some(({ path }) => path === FILE))
  })
  return { lacks }
}
