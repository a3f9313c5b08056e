/** The form of a policy and the request it stands for, both ways. Pure. */
import type { Input } from '@/api/types'
import { PII_TYPES, type PiiType } from '@/datasets/derive/derive'
import { type Content, type Kind, type Rule, unsearched, USUAL } from './policy'

export type Request = Input<'datasets.put_pii_policy'>
export type KindRow = { type: PiiType; on: boolean; minConfidence: string; allowed: string }
export type RuleRow = { name: string; pattern: string; context: string; confidence: string; confidenceAlone: string; minConfidence: string; allowed: string }
export type Values = { name: string; description: string; kinds: KindRow[]; rules: RuleRow[]; waivers: boolean; minQuality: string }

export const RULES = 50
const [WORDS, WORD, MOST, MOST_OF_RULE] = [20, 64, 1_000_000_000, 999]

export const emptyRule = (): RuleRow => ({ name: '', pattern: '', context: '', confidence: '', confidenceAlone: '', minConfidence: '', allowed: '' })

/** The form that stands for a policy; without one, of a new one that searches for everything. */
export function valuesOf(name: string, policy?: Content): Values {
  const text = (value?: number | null) => (value == null ? '' : String(value))
  const row = ({ type, minConfidence, allowed }: Kind, on = true): KindRow => ({ type, on, minConfidence: text(minConfidence), allowed: text(allowed) })
  const rule = (of: Rule): RuleRow => ({
    name: of.name,
    pattern: of.pattern,
    context: (of.context ?? []).join('\n'),
    confidence: text(of.confidence),
    confidenceAlone: text(of.confidenceAlone),
    minConfidence: text(of.minConfidence),
    allowed: text(of.allowed),
  })
  const kinds = policy ? [...policy.kinds.map((kind) => row(kind)), ...unsearched(policy).map((type) => row({ type }, false))] : PII_TYPES.map((type) => row({ type }))
  return { name, description: policy?.description ?? '', kinds, rules: policy?.rules.map(rule) ?? [], waivers: policy?.waivers ?? false, minQuality: text(policy?.minQuality) }
}

const said = (text: string) => text.trim() || undefined
const numberOf = (text: string) => (text.trim() && Number.isFinite(Number(text)) ? Number(text) : undefined)
export const wordsIn = (text: string) => text.split('\n').map((word) => word.trim()).filter(Boolean)

export function requestOf(values: Values): Request {
  const rule = (row: RuleRow): Rule => {
    const context = wordsIn(row.context)
    return {
      name: row.name.trim(),
      pattern: row.pattern,
      ...(context.length && { context, confidenceAlone: numberOf(row.confidenceAlone) }),
      confidence: numberOf(row.confidence),
      minConfidence: numberOf(row.minConfidence),
      allowed: numberOf(row.allowed),
    }
  }
  const request = {
    name: values.name.trim(),
    description: said(values.description),
    // All that there are and nothing said of them is what the platform takes for granted.
    kinds: values.kinds.every(({ on, minConfidence, allowed }) => on && !minConfidence && !allowed) ? undefined : values.kinds.filter(({ on }) => on).map(({ type, minConfidence, allowed }) => ({ type, minConfidence: numberOf(minConfidence), allowed: numberOf(allowed) })),
    rules: values.rules.map(rule),
    waivers: values.waivers || undefined,
    minQuality: numberOf(values.minQuality),
  }
  // What is not said is left to the platform, in the call as it is shown too.
  return JSON.parse(JSON.stringify(request)) as Request
}

/** What a request comes to once the platform filled it in: to show what it would change. */
export function contentOf({ description, kinds, rules, waivers, minQuality }: Request): Content {
  return { description, kinds: kinds ?? PII_TYPES.map((type) => ({ type })), rules: rules ?? [], waivers: waivers ?? false, minQuality: minQuality ?? USUAL.quality }
}

/** What is wrong with a form before it is sent: keys of texts by field. */
export function wrongIn(values: Values, taken: string[] = []): Record<string, string> {
  const wrong: Record<string, string> = {}
  const check = (field: string, fails: boolean, key: string) => fails && !wrong[field] && (wrong[field] = key)
  const between = (text: string, most: number) => text.trim() !== '' && !(Number(text) >= 0 && Number(text) <= most)
  const count = (text: string, most: number) => between(text, most) || !/^\d*$/.test(text.trim())
  check('name', !values.name.trim(), 'forms.needed')
  check('name', !/^[a-z][a-z0-9_.-]{0,63}$/.test(values.name.trim()), 'policies.nameWrong')
  check('name', taken.includes(values.name.trim()), 'policies.nameTaken')
  check('minQuality', between(values.minQuality, 100), 'policies.qualityWrong')
  check('kinds', !values.rules.length && !values.kinds.some(({ on }) => on), 'policies.kindsNeeded')
  values.kinds.forEach(({ on, minConfidence, allowed }, at) => {
    if (!on) return
    check(`kinds.${at}.minConfidence`, between(minConfidence, 1), 'policies.shareWrong')
    check(`kinds.${at}.allowed`, count(allowed, MOST), 'policies.countWrong')
  })
  values.rules.forEach((rule, at) => {
    const field = (name: keyof RuleRow) => `rules.${at}.${name}`
    const words = wordsIn(rule.context)
    check(field('name'), !rule.name.trim(), 'forms.needed')
    check(field('name'), !/^[a-z][a-z0-9_-]{0,63}$/.test(rule.name.trim()), 'policies.ruleNameWrong')
    check(field('name'), values.rules.slice(0, at).some(({ name }) => name.trim() === rule.name.trim()), 'policies.ruleNameTaken')
    check(field('pattern'), !rule.pattern, 'forms.needed')
    check(field('context'), words.length > WORDS || words.some((word) => [...word].length > WORD), 'policies.wordsWrong')
    for (const name of ['confidence', 'confidenceAlone', 'minConfidence'] as const) check(field(name), between(rule[name], 1), 'policies.shareWrong')
    check(field('minConfidence'), (numberOf(rule.minConfidence) ?? USUAL.least) > (numberOf(rule.confidence) ?? USUAL.confidence), 'policies.leastWrong')
    check(field('allowed'), count(rule.allowed, MOST_OF_RULE), 'policies.ruleCountWrong')
  })
  return wrong
}

/** The form's name of the field that the server's error is of: rows that are not searched for have no place in the request. */
export function fieldOf(path: string | undefined, values: Values): string | undefined {
  const [, list, at, inner] = /^(kinds|rules)\[(\d+)\](?:\.(\w+))?/.exec(path ?? '') ?? []
  if (list === 'rules') return `rules.${at}.${inner ?? 'name'}`
  if (list === 'kinds') {
    const asked = values.kinds.filter(({ on }) => on)[Number(at)]
    return asked && `kinds.${values.kinds.indexOf(asked)}.${inner === 'allowed' ? 'allowed' : 'minConfidence'}`
  }
  return path?.split(/[.[]/)[0]
}
