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

const KINDS = ['model', 'alias', 'import', 'export', 'dataset', 'pii_policy', 'model_approval_policy', 'job', 'run', 'evaluation', 'endpoint', 'apiKey', 'credential', 'masterKey', 'session', 'project'] as const

/** What the platform does by itself and writes down: the loops of `llmops-core` name it where they write. */
const OF_LOOPS = [
  'catalog.begin_model_export', 'catalog.begin_model_import', 'catalog.finish_model_export', 'catalog.finish_model_import', 'catalog.import_model_file',
  'datasets.finish_contamination_check', 'datasets.finish_derivation', 'datasets.finish_token_count', 'datasets.finish_validation',
  'evaluation.end_run', 'serving.erase_endpoint', 'serving.observe_endpoint',
  'training.fail_attempt', 'training.finish_job', 'training.register_model', 'training.start_job', 'trash.purge', 'trash.storage_cleaned',
]

export const filters: Filter[] = [
  { id: 'actor', label: 'governance.byActor', kind: 'text' },
  { id: 'result', label: 'governance.result', kind: 'choice', options: ['allowed', 'denied', 'failed'].map((value) => ({ value, label: `atoms.status.${value}` })) },
  { id: 'resourceType', label: 'governance.resourceType', kind: 'choice', options: KINDS.map((value) => ({ value, label: `governance.kinds.${value}` })) },
  { id: 'action', label: 'governance.action', kind: 'choice', options: changes().map((value) => ({ value, label: value })) },
  { id: 'resourceId', label: 'governance.resourceId', kind: 'word' },
]

/** Operations that change something, as only these are written down when they go well, and what the platform does by itself. */
function changes(): string[] {
  const asked = Object.entries(OPERATIONS).filter(([, [verb]]) => verb !== 'GET').map(([op]) => op)
  return [...asked, ...OF_LOOPS].sort()
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
