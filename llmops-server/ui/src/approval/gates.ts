/** What stands between a model and its approval, in words, and where it is mended. Pure. */
import type { RouteLocationRaw } from 'vue-router'
import type { Wire } from '@/api/types'
import type { Tone } from '@/atoms/tones'
import type { Words } from './approval'

export type Gates = Wire<'ModelGates'>
export type Gate = Wire<'ModelGate'>

export const TONES: Record<Gate['state'], Tone> = { passed: 'green', failed: 'red', reviewer: 'amber' }
/** Reasons that have words of their own; others are said as the platform says them. */
const REASONS = [
  'card_incomplete', 'files_missing', 'files_quarantined', 'files_damaged', 'import_unfinished', 'code_review_needed', 'license_not_allowed', 'self_approval', 'permission_missing',
  'evaluation_missing', 'evaluation_running', 'evaluation_failed', 'evaluation_too_small', 'evaluation_of_other_files', 'evaluation_below', 'evaluation_above', 'evaluation_warned',
]

/** What an evaluation measures, and over what. */
export const measureOf = ({ required, dataset }: Gate) => (dataset ? `${required?.metric} · ${dataset}` : required?.metric)

/** Why a gate says what it says. What the platform said of names stands in English, and so only where it adds something. */
export function whyOf(gate: Gate, { t, number, score }: Pick<Words, 't' | 'number' | 'score'>): string {
  const { state, code, required, value, text, approvedBy = [], approvalsNeeded } = gate
  if (gate.gate === 'approvals') {
    if (state === 'passed') return t('approval.why.approved')
    return t(approvedBy.length ? 'approval.why.approvedBy' : 'approval.why.approvedByNone', { n: number(approvedBy.length), all: number(approvalsNeeded ?? 1), who: approvedBy.join(', ') })
  }
  if (state === 'passed') return gate.gate === 'evaluation' && value != null ? t('approval.why.measured', { value: score(value) }) : t(`approval.passed.${gate.gate}`)
  if (!code || !REASONS.includes(code)) return text
  const said = (bound?: number | null) => (bound == null ? '–' : score(bound))
  return t(`approval.why.${code}`, { value: said(value), least: said(required?.atLeast), most: said(required?.atMost), samples: number(required?.minSamples ?? 1) })
}

/** The page where a gate is mended or more is said of it, and the key of what the way there is called. */
export function wayOf({ code, operation, runId }: Gate, modelId: string): { to: RouteLocationRaw; label: string } | undefined {
  const tab = (name: string, label: string) => ({ to: { name: 'model', params: { id: modelId }, query: { tab: name } }, label: `approval.ways.${label}` })
  const given = (operation?.parameters ?? {}) as { datasetId?: string; metrics?: (string | { name: string; options: unknown })[] }
  const [metric] = given.metrics ?? []
  switch (operation?.name) {
    case 'catalog.update_model':
      return tab('card', 'card')
    case 'catalog.upload_model_files':
    case 'catalog.review_model':
      return tab('files', 'files')
    case 'evaluation.get_run':
      return { to: { name: 'evaluation-run', params: { id: String(runId) } }, label: 'approval.ways.run' }
    case 'evaluation.start_run': {
      const options = typeof metric === 'object' ? { options: JSON.stringify(metric.options) } : {}
      const query = { modelId, ...(given.datasetId && { datasetId: given.datasetId }), ...(metric && { metric: typeof metric === 'string' ? metric : metric.name, ...options }) }
      return { to: { name: 'evaluation-create', query }, label: code === 'evaluation_missing' ? 'approval.ways.start' : 'approval.ways.again' }
    }
  }
  return undefined
}
