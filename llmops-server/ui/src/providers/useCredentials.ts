/** The stored credentials, for who may see them; nothing for others. */
import { computed } from 'vue'
import { useMay } from '@/api/session'
import { useWhole } from '@/lists/useWhole'
import type { Credential } from './provider'

export function useCredentials(wanted: () => boolean = () => true) {
  const mayList = useMay('governance.list_credentials')
  const found = useWhole('governance.list_credentials', {}, { enabled: () => mayList.value && wanted() })
  /** Undefined where they are not known: that a key is not among them then means nothing. */
  return computed<Credential[] | undefined>(() => (mayList.value ? found.data.value : undefined))
}
