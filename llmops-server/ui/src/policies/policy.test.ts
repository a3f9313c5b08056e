import { expect, test } from 'vitest'
import { changesOf, pageOf, pathOf, type Policy, unsearched, versionIn, type Words } from './policy'
import { contentOf, emptyRule, fieldOf, requestOf, valuesOf, wrongIn } from './request'

const policy = {
  description: 'staff may be named',
  kinds: [{ type: 'phone', minConfidence: 0.8, allowed: 0 }, { type: 'email', minConfidence: 0.5, allowed: 2 }],
  rules: [{ name: 'staff', pattern: 'S[0-9]{5} ', context: ['staff', '사번'], confidence: 0.9, confidenceAlone: 0.3, minConfidence: 0.5, allowed: 0 }],
  waivers: true,
  minQuality: 60,
} as unknown as Policy
const words: Words = { t: (key, fill = {}) => `${key} ${Object.values(fill).join(' ')}`.trim(), percent: (share) => `${share * 100}%`, number: String }

test('a policy goes through its form unchanged, in its own order', () => {
  const request = requestOf(valuesOf('p', policy))
  expect(request).toEqual({ ...policy, name: 'p' })
  expect(changesOf(policy, contentOf(request), words)).toEqual([])
})

test('a new policy searches for everything, and leaves the rest to the platform', () => {
  const values = valuesOf('p')
  expect(requestOf(values)).toEqual({ name: 'p', rules: [] })
  expect(unsearched(contentOf(requestOf(values)))).toEqual([])
  values.kinds[1].on = false
  expect(requestOf(values).kinds?.slice(0, 2)).toEqual([{ type: 'email' }, { type: 'credit_card' }])
})

test('words that are not there have no confidence without them', () => {
  const values = valuesOf('p', policy)
  values.rules[0].context = ' \n'
  expect(requestOf(values).rules?.[0]).toEqual({ name: 'staff', pattern: 'S[0-9]{5} ', confidence: 0.9, minConfidence: 0.5, allowed: 0 })
})

test('what is wrong is said at its field', () => {
  const values = valuesOf('P', { ...policy, minQuality: 101 })
  values.kinds[0].minConfidence = '2'
  values.kinds[1].allowed = '1.5'
  values.rules[0].minConfidence = '0.95'
  values.rules.push({ ...emptyRule(), name: 'staff', allowed: '1000' })
  expect(wrongIn(values)).toEqual({
    'name': 'policies.nameWrong', 'minQuality': 'policies.qualityWrong', 'kinds.0.minConfidence': 'policies.shareWrong', 'kinds.1.allowed': 'policies.countWrong',
    'rules.0.minConfidence': 'policies.leastWrong', 'rules.1.name': 'policies.ruleNameTaken', 'rules.1.pattern': 'forms.needed', 'rules.1.allowed': 'policies.ruleCountWrong',
  })
  expect([wrongIn(valuesOf('')), wrongIn(valuesOf('old'), ['old']), wrongIn(valuesOf('p', { ...policy, kinds: [], rules: [] }))]).toEqual([{ name: 'forms.needed' }, { name: 'policies.nameTaken' }, { kinds: 'policies.kindsNeeded' }])
})

test('an error of the server finds its field, though not all kinds are sent', () => {
  const values = valuesOf('p', policy)
  values.kinds[0].on = false
  expect([fieldOf('kinds[0].allowed', values), fieldOf('kinds[3].type', values), fieldOf('rules[2].pattern', values), fieldOf('name', values), fieldOf(undefined, values)]).toEqual(['kinds.1.allowed', undefined, 'rules.2.pattern', 'name', undefined])
})

test('two versions differ in words', () => {
  const after = { ...policy, waivers: false, kinds: policy.kinds.slice(1), rules: [{ ...policy.rules[0], allowed: 3 }] }
  expect(changesOf(policy, after, words)).toEqual([
    { name: 'policies.waivers', a: 'policies.waiversAre.true', b: 'policies.waiversAre.false' },
    { name: 'datasets.piiTypes.phone', a: 'policies.from 80%, policies.upTo 0', b: undefined },
    { name: 'policies.ruleNamed staff', a: expect.stringContaining('upTo 0'), b: expect.stringMatching(/S\[0-9\]\{5\} \npolicies.sure 90%\npolicies.besides staff, 사번 30%\npolicies.from 50%, policies.upTo 3/) },
  ])
})

test('every policy has an address, one called new too', () => {
  expect([pathOf('default'), pathOf('new'), pathOf('gdpr.eu'), pageOf('a', { version: '2' })]).toEqual(['/catalog/policies/default', '/catalog/policies/%6Eew', '/catalog/policies/gdpr%2Eeu', { path: '/catalog/policies/a', query: { version: '2' } }])
  expect(['2', '0', '', 'x', '-1', '1e9'].map(versionIn)).toEqual([2, undefined, undefined, undefined, undefined, undefined])
})
