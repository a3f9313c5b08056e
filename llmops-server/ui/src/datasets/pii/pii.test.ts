import { expect, test } from 'vitest'
import type { Policy } from '@/policies/policy'
import { type Finding, foundIn, isTooMuch, judgedBy, marked, notWaivable, textOf, unitAt, type Validation } from './pii'

const finding = (start: number, end: number, excerpt: string): Finding => ({ type: 'email', row: 0, path: 'a', line: 1, column: 'text', start, end, confidence: 0.9, excerpt })
const policy = (name: string, version: number, waivers = true) => ({ name, version, waivers, project: 'p', kinds: [], rules: [], minQuality: 70, createdBy: 'rita', createdAt: '', etag: '' }) as Policy

test('what was searched for stands beside what was found of it', () => {
  const searched = [{ type: 'email', minConfidence: 0.5, allowed: 1 }, { type: 'custom', rule: 'staff', minConfidence: 0.8, allowed: 0 }] as const
  const found = foundIn({ searched: [...searched], counts: [{ type: 'email', count: 1, allowed: 1 }, { type: 'custom', rule: 'model', count: 2, allowed: 0 }] })
  expect(found.map(({ type, rule, count, allowed, least }) => [rule ?? type, count, allowed, least])).toEqual([['email', 1, 1, 0.5], ['staff', 0, 0, 0.8], ['model', 2, 0, undefined]])
  expect(found.map(isTooMuch)).toEqual([false, false, true])
  expect(foundIn({ counts: [{ type: 'email', count: 3 }] } as never)).toEqual([{ type: 'email', rule: undefined, count: 3, allowed: 0 }])
})

test('a report is judged by what the project asks for now', () => {
  const policies = [policy('default', 2), policy('soft', 3)]
  const stands = (used?: { name: string; version: number }, of = policies) => judgedBy(used, of).stands
  expect([stands({ name: 'soft', version: 3 }), stands({ name: 'soft', version: 2 }), stands(undefined), stands(undefined, [policy('soft', 3)])]).toEqual(['same', 'newer', 'default', 'none'])
})

test('only what the policy allows is waived, and only if that would be enough', () => {
  const pii = { clean: false, complete: true, total: 1, types: [], minConfidence: 0.5, counts: [], findings: [], policy: { name: 'soft', version: 3 } }
  const report = { structure: { valid: true, badRows: 0, missingColumns: [] }, quality: { score: 90, threshold: 70 }, pii }
  const not = (change: { status?: string; digest?: string; report?: object; policies?: Policy[] } = {}) => {
    const validation = { digest: 'd', report: { ...report, ...change.report } } as unknown as Validation
    const dataset = { status: change.status ?? 'under_review', digest: change.digest ?? 'd' } as never
    return notWaivable(dataset, validation, judgedBy(validation.report?.pii.policy, change.policies ?? [policy('soft', 3)]))
  }
  expect(not()).toBeUndefined()
  expect([not({ status: 'approved' }), not({ digest: 'e' }), not({ policies: [policy('soft', 4)] })]).toEqual(['approved', 'newer', 'newer'])
  expect([not({ policies: [policy('soft', 3, false)] }), not({ report: { pii: { ...pii, policy: null } } }), not({ report: { pii: { ...pii, complete: false } } })]).toEqual(['waivers', 'policy', 'narrowed'])
  expect(not({ report: { quality: { score: 60, threshold: 70 } } })).toBe('more')
  expect(not({ report: { structure: { valid: true, badRows: 2, missingColumns: [] } } })).toBe('more')
})

test('characters are counted as the server counts them', () => {
  expect([unitAt('a😀b', 0), unitAt('a😀b', 2), unitAt('a😀b', 3), unitAt('ab', 9)]).toEqual([0, 3, 4, 2])
  const text = '😀 write to sam@acme.com'
  expect(marked(text, finding(11, 23, 's**@****.**m'), [])).toEqual([{ text: '😀 write to ', mark: undefined }, { text: 'sam@acme.com', mark: 'this' }])
})

test('a finding is marked among others, and with what lies around it', () => {
  expect(marked('a@b.cd, e@f.gh', finding(0, 6, '*@*.**'), [finding(8, 14, '*@*.**')])?.map(({ text, mark }) => [text, mark])).toEqual([['a@b.cd', 'this'], [', ', undefined], ['e@f.gh', 'other']])
  expect(marked('ab cd', finding(0, 5, '*****'), [finding(3, 5, '**')])?.map(({ text, mark }) => [text, mark])).toEqual([['ab ', 'this'], ['cd', 'this']])
  const far = marked(`${'x'.repeat(1000)}a@b.cd${'y'.repeat(1000)}`, finding(1000, 1006, '*@*.**'), [finding(0, 4, '****')])!
  expect(far.map(({ text }) => text.length)).toEqual([2, 400, 6, 400, 2])
})

test('what does not look as the search saw it is not marked', () => {
  expect(marked('short', finding(3, 9, '***'), [])?.length).toBe(2)
  expect(marked('nothing@all', finding(0, 4, 's***'), [])).toBeUndefined()
  expect(marked('', finding(3, 9, ''), [])).toBeUndefined()
  expect([textOf('a'), textOf({ a: [1] }), textOf(undefined)]).toEqual(['a', '{"a":[1]}', ''])
})
