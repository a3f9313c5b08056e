/** What a search for personal data found, in its place, and what may be waived of it. Pure. */
import type { Wire } from '@/api/types'
import { DEFAULT, type Policy } from '@/policies/policy'
import type { Dataset } from '../dataset'

export type Finding = Wire<'PiiFinding'>
export type Report = Wire<'PiiReport'>
export type Validation = Wire<'DatasetValidation'>

/** What was searched for beside how often it was found; reports of earlier releases say only what was found. */
export type Found = { type: Wire<'PiiType'>; rule?: string | null; count: number; allowed: number; least?: number }
export function foundIn({ searched = [], counts }: Pick<Report, 'searched' | 'counts'>): Found[] {
  const isOf = (a: { type: string; rule?: string | null }) => (b: { type: string; rule?: string | null }) => a.type === b.type && (a.rule ?? '') === (b.rule ?? '')
  const asked = searched.map(({ type, rule, allowed, minConfidence }) => ({ type, rule, allowed, least: minConfidence, count: counts.find(isOf({ type, rule }))?.count ?? 0 }))
  const rest = counts.filter((count) => !searched.some(isOf(count))).map(({ type, rule, allowed = 0, count }) => ({ type, rule, allowed, count }))
  return [...asked, ...rest]
}
export const isTooMuch = ({ count, allowed }: Pick<Found, 'count' | 'allowed'>) => count > allowed

/** How the policy that a report was made by stands to what the project asks for now. */
export type Judged = { policy?: Policy; stands: 'same' | 'newer' | 'default' | 'none' }
export function judgedBy(used: Report['policy'], policies: Policy[]): Judged {
  const policy = policies.find(({ name }) => name === (used?.name ?? DEFAULT))
  if (!used) return { policy, stands: policy ? 'default' : 'none' }
  return { policy, stands: policy && policy.version !== used.version ? 'newer' : 'same' }
}

/** Why what was found cannot be waived, as the end of a key of a text; undefined if it can. */
export function notWaivable(dataset: Pick<Dataset, 'status' | 'digest'>, { digest, report }: Validation, { policy, stands }: Judged): 'approved' | 'newer' | 'policy' | 'waivers' | 'narrowed' | 'more' | undefined {
  if (dataset.status === 'approved' || dataset.status === 'deprecated') return 'approved'
  if (!report || dataset.digest !== digest || stands === 'newer') return 'newer'
  if (!report.pii.policy) return 'policy'
  if (!policy?.waivers) return 'waivers'
  if (!report.pii.complete) return 'narrowed'
  // A waiver of what was found would not be enough.
  if (!report.structure.valid || report.structure.badRows > 0 || report.structure.missingColumns.length || (report.structure.incompleteRows ?? 0) > report.structure.rows / 2 || report.quality.score < report.quality.threshold) return 'more'
  return undefined
}

/** The text that was searched: a value that is none is searched as its JSON. */
export const textOf = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/** Where so many characters into a text are, in units of JavaScript. */
export function unitAt(text: string, chars: number): number {
  let at = 0
  for (let count = 0; count < chars && at < text.length; count += 1) at += text.codePointAt(at)! > 0xffff ? 2 : 1
  return at
}

/** Whether a text looks as its masked excerpt does: JSON may be written in other ways than it was searched. */
function looksAs(text: string, excerpt: string): boolean {
  const chars = [...text]
  return [...excerpt].every((char, at) => char === '*' || char === chars[at])
}

export type Part = { text: string; mark?: 'this' | 'other' }
const AROUND = 400

/** A value with the finding marked and others of the same value too; only what lies around it. Undefined where it is not in its place. */
export function marked(text: string, finding: Finding, others: Finding[]): Part[] | undefined {
  const [start, end] = [unitAt(text, finding.start), unitAt(text, finding.end)]
  if (end <= start || !looksAs(text.slice(start, end), finding.excerpt)) return undefined
  const [from, to] = [Math.max(0, start - AROUND), Math.min(text.length, end + AROUND)]
  const spans = others.map((other) => [unitAt(text, other.start), unitAt(text, other.end)])
  const edges = [...new Set([from, to, start, end, ...spans.flat().filter((edge) => edge > from && edge < to)])].sort((a, b) => a - b)
  const markOf = (at: number): Part['mark'] => (at >= start && at < end ? 'this' : spans.some(([first, last]) => at >= first && at < last) ? 'other' : undefined)
  const parts = edges.slice(0, -1).map((at, nth): Part => ({ text: text.slice(at, edges[nth + 1]), mark: markOf(at) }))
  return [...(from > 0 ? [{ text: '… ' }] : []), ...parts, ...(to < text.length ? [{ text: ' …' }] : [])]
}

/** The beginning of a long value. */
export const shortened = (text: string) => (text.length > AROUND ? `${text.slice(0, AROUND)} …` : text)
