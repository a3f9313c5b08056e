/** Looks in the catalog and in the registry for what is typed, once it rests. That the registry says nothing hinders nobody. */
import { computed, ref } from 'vue'
import { useRead } from '@/api/query'
import type { Input } from '@/api/types'
import { refDebounced } from '@/use/refDebounced'
import { checks } from './request'

/** Few: each is a stop of Tab, and who does not find his types more of the name. */
const MOST = 10

export function useSearch(where: () => { baseUrl: string; credentialId: string }) {
  const text = ref('')
  const typed = computed(() => {
    const { baseUrl, credentialId } = where()
    return JSON.stringify({ text: text.value.trim(), limit: MOST, baseUrl: baseUrl.trim() || undefined, credentialId: credentialId.trim() || undefined })
  })
  const rested = refDebounced(typed, 400)
  const asked = computed<Input<'catalog.search_catalog'>>(() => JSON.parse(rested.value))
  const wanted = computed(() => asked.value.text.length > 1 && !checks.baseUrl(asked.value.baseUrl ?? ''))
  const found = useRead('catalog.search_catalog', asked, { enabled: wanted })
  const answer = computed(() => (wanted.value ? found.data.value : undefined))
  const silence = computed(() => {
    const { message, more } = found.error.value ?? {}
    return wanted.value ? (answer.value?.error ?? (message ? { message, hint: more?.hint } : undefined)) : undefined
  })
  return { text, wanted, answer, silence, isAsking: computed(() => wanted.value && found.isFetching.value) }
}
