/** What the pages know of API keys. */
import type { Wire } from '@/api/types'
import type { Column } from '@/lists/types'

export type Key = Wire<'ApiKey'>
export type Role = Wire<'Role'>

export const ROLES = ['viewer', 'researcher', 'reviewer', 'operator', 'service', 'admin'] as const

export const columns: Column<Key>[] = [
  { id: 'name', label: 'governance.name', width: 'minmax(220px, 2fr)', text: (key) => key.name },
  { id: 'state', label: 'governance.state', width: '120px' },
  { id: 'roles', label: 'governance.roles', width: 'minmax(180px, 2fr)' },
  { id: 'prefix', label: 'governance.prefix', width: '140px' },
  { id: 'by', label: 'governance.createdBy', width: 'minmax(110px, 1fr)', text: (key) => key.createdBy },
  { id: 'expires', label: 'governance.expires', width: '130px', right: true },
  { id: 'created', label: 'governance.created', width: '120px', right: true },
  { id: 'do', label: 'governance.revoke', width: '100px', right: true, quiet: true },
]

export type KeyState = 'active' | 'revoked' | 'expired'

export function stateOf({ revokedAt, expiresAt }: Key, now: number): KeyState {
  if (revokedAt) return 'revoked'
  return expiresAt && Date.parse(expiresAt) <= now ? 'expired' : 'active'
}

/** The instant at which a key ends that holds for so many days; none for one that does not end. */
export const endOf = (days: string, now: number) => (days ? new Date(now + Number(days) * 86_400_000).toISOString() : undefined)
