/** The changes of an endpoint and what follows each. */
import { useRouter } from 'vue-router'
import { useDo } from '@/api/query'
import type { OpId } from '@/api/types'
import { useText } from '@/use/texts'
import { useToasts } from '@/use/useToasts'
import type { Endpoint } from './endpoint'

const CHANGES: OpId[] = ['serving.get_endpoint', 'serving.list_endpoints', 'serving.list_endpoint_revisions', 'gateway.list_routes']

export function useEndpointActions(endpoint: () => Endpoint, closed: () => void) {
  const { t } = useText()
  const toast = useToasts()
  const router = useRouter()
  const done = (text: string) => () => {
    closed()
    toast.good(t(text, { route: endpoint().route }))
  }
  const rollback = useDo('serving.rollback_endpoint', { touches: CHANGES, done: done('serving.rolledBack') })
  const redeploy = useDo('serving.redeploy_endpoint', { touches: CHANGES, done: done('serving.redeployed') })
  const scale = useDo('serving.update_endpoint', { touches: CHANGES, done: done('serving.scaled') })
  const stop = useDo('serving.update_endpoint', { touches: CHANGES, done: done('serving.stopping') })
  const start = useDo('serving.update_endpoint', { touches: CHANGES, done: done('serving.starting') })
  const remove = useDo('serving.delete_endpoint', {
    touches: ['serving.list_endpoints', 'gateway.list_routes'],
    done: () => {
      toast.good(t('serving.deleted', { route: endpoint().route }))
      void router.push({ name: 'serving' })
    },
  })
  return { rollback, redeploy, scale, stop, start, remove }
}
