/** Whether the platform and what it stands on are well: `/readyz`, which answers 503 with the same words when they are not. */
import { useQuery } from '@tanstack/vue-query'
import { ROOT } from '@/api/client'
import { type ApiError, errorIn, unreachable } from '@/api/error'

export type Readiness = { status: string; checks: Record<string, string>; ms: number }

export function readinessOf(body: unknown, ms: number): Readiness | undefined {
  const { status, checks } = (body ?? {}) as Partial<Readiness>
  return typeof status === 'string' && checks && typeof checks === 'object' ? { status, checks, ms } : undefined
}

async function look({ signal }: { signal: AbortSignal }): Promise<Readiness> {
  const began = performance.now()
  const response = await fetch(`${ROOT}/readyz`, { cache: 'no-store', signal }).catch((thrown) => {
    throw signal.aborted ? thrown : unreachable()
  })
  const body = await response.json().catch(() => undefined)
  const found = readinessOf(body, performance.now() - began)
  if (!found) throw errorIn(response, body)
  return found
}

export const useReadiness = () => useQuery<Readiness, ApiError>({ queryKey: ['readyz'], queryFn: look, refetchInterval: 5_000 })
