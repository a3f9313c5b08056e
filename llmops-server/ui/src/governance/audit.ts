/** What the pages know of the audit log. */
import { OPERATIONS } from '@/api/operations'
import type { Wire } from '@/api/types'
import type { Column, Filter } from '@/lists/types'

export type Entry = Wire<'AuditEntry'>

export const columns: Column<Entry>[] = [
  { id: 'action', label: 'governance.action', width: 'minmax(320px, 2fr)', text: (entry) => entry.action },
  { id: 'result', label: 'governance.result', width: '110px' },
  { id: 'actor', label: 'governance.actor', width: 'minmax(130px, 1fr)', text: (entry) => entry.actorId },
  { id: 'resource', label: 'governance.resource', width: 'minmax(200px, 2fr)' },
  { id: 'reason', label: 'governance.reason', width: 'minmax(140px, 2fr)', text: (entry) => entry.reason || '–' },
  { id: 'seq', label: 'governance.seq', width: '80px', right: true, text: (entry) => entry.seq },
  { id: 'at', label: 'governance.at', width: '130px', right: true },
]

const KINDS = ['model', 'import', 'dataset', 'job', 'run', 'evaluation', 'endpoint', 'apiKey', 'credential', 'session', 'project'] as const

export const filters: Filter[] = [
  { id: 'actor', label: 'governance.byActor', kind: 'text' },
  { id: 'result', label: 'governance.result', kind: 'choice', options: ['allowed', 'denied', 'failed'].map((value) => ({ value, label: `atoms.status.${value}` })) },
  { id: 'resourceType', label: 'governance.resourceType', kind: 'choice', options: KINDS.map((value) => ({ value, label: `governance.kinds.${value}` })) },
  { id: 'action', label: 'governance.action', kind: 'choice', options: changes().map((value) => ({ value, label: value })) },
  { id: 'resourceId', label: 'governance.resourceId', kind: 'word' },
]

/** Operations that change something: only these are written down when they go well. */
function changes(): string[] {
  return Object.entries(OPERATIONS).filter(([, [verb]]) => verb !== 'GET').map(([op]) => op).sort()
}

export const WITHIN = ['', '1', '24', '168', '720'] as const

/** The instant from which the last hours count, on the minute: a list must not begin anew with each look. */
export function sinceOf(hours: string, now: number): string | undefined {
  if (!hours) return undefined
  const minute = 60_000
  return new Date(Math.floor((now - Number(hours) * 3_600_000) / minute) * minute).toISOString()
}

/** A look at the log that holds the entry of this instant: there is no other way to one entry. */
export const lookFor = (at: string) => ({ from: at, to: new Date(Date.parse(at) + 1).toISOString(), limit: 50 })
