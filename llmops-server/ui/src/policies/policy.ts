/** What the pages know of policies for personal data: columns, addresses, what differs between two versions. Pure. */
import type { Wire } from '@/api/types'
import { PII_TYPES, type PiiType } from '@/datasets/derive/derive'
import type { Column } from '@/lists/types'
import type { Change } from '@/models/ChangeTable.vue'

export type Policy = Wire<'PiiPolicy'>
export type Kind = Wire<'PiiKind'>
export type Rule = Wire<'PiiRule'>
/** What a version says, without who wrote it and when. */
export type Content = Pick<Policy, 'description' | 'kinds' | 'rules' | 'waivers' | 'minQuality'>

/** The policy that holds where none is named. */
export const DEFAULT = 'default'
/** What holds of a kind or a rule, and of a policy, of which nothing else is said. */
export const USUAL = { least: 0.5, confidence: 0.9, alone: 0.3, quality: 70 }

export const columns: Column<Policy>[] = [
  { id: 'name', label: 'policies.name', width: 'minmax(180px, 1fr)', text: (policy) => policy.name },
  { id: 'version', label: 'policies.version', width: '90px', right: true, text: (policy) => policy.version },
  { id: 'searched', label: 'policies.searched', width: 'minmax(170px, 1fr)' },
  { id: 'waivers', label: 'policies.waivers', width: '130px' },
  { id: 'quality', label: 'policies.minQuality', width: '120px', right: true },
  { id: 'description', label: 'policies.description', width: 'minmax(160px, 2fr)', text: (policy) => policy.description },
  { id: 'by', label: 'policies.by', width: '150px', text: (policy) => policy.createdBy },
  { id: 'created', label: 'policies.written', width: '120px', right: true },
]

/** The page of a policy. `new` is the form for new ones, and what has an ending is no page: such names are written otherwise. */
export const pathOf = (name: string) => `/catalog/policies/${name === 'new' ? '%6Eew' : name.replaceAll('.', '%2E')}`
export const pageOf = (name: string, query: Record<string, string> = {}) => ({ path: pathOf(name), query })

/** The key of the text of a kind. What detectors of the host program find has no kind of its own. */
export const kindText = (type: PiiType) => (type === 'custom' ? 'datasets.search.host' : `datasets.piiTypes.${type}`)

/** A version as an address names it; none means the newest. */
export const versionIn = (text: string) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined)

export const unsearched = ({ kinds }: Pick<Content, 'kinds'>): PiiType[] => PII_TYPES.filter((type) => !kinds.some((kind) => kind.type === type))

/** How numbers and names of kinds are said. */
export type Words = { t: (key: string, fill?: Record<string, unknown>, count?: number) => string; percent: (share: number) => string; number: (value: number, digits?: number) => string }

const countsFrom = ({ minConfidence, allowed }: Pick<Kind, 'minConfidence' | 'allowed'>, { t, percent, number }: Words) =>
  `${t('policies.from', { share: percent(minConfidence ?? USUAL.least) })}, ${t('policies.upTo', { n: number(allowed ?? 0) }, allowed ?? 0)}`

function ruleIn(rule: Rule, words: Words): string {
  const { t, percent } = words
  const sure = t('policies.sure', { share: percent(rule.confidence ?? USUAL.confidence) })
  const beside = rule.context?.length ? [t('policies.besides', { words: rule.context.join(', '), share: percent(rule.confidenceAlone ?? USUAL.alone) })] : []
  return [rule.pattern, sure, ...beside, countsFrom(rule, words)].join('\n')
}

/** The lines in which two versions differ, in words. */
export function changesOf(before: Content, after: Content, words: Words): Change[] {
  const { t, number } = words
  const kind = ({ kinds }: Content, type: PiiType) => kinds.filter((one) => one.type === type).map((one) => countsFrom(one, words))[0]
  const rule = ({ rules }: Content, name: string) => rules.filter((one) => one.name === name).map((one) => ruleIn(one, words))[0]
  const names = [...new Set([...before.rules, ...after.rules].map(({ name }) => name))]
  const line = (name: string, say: (of: Content) => string | undefined): Change => ({ name, a: say(before), b: say(after) })
  return [
    line(t('policies.description'), ({ description }) => description || undefined),
    line(t('policies.minQuality'), ({ minQuality }) => number(minQuality, 1)),
    line(t('policies.waivers'), ({ waivers }) => t(`policies.waiversAre.${waivers}`)),
    ...PII_TYPES.map((type) => line(t(kindText(type)), (of) => kind(of, type))),
    ...names.map((name) => line(t('policies.ruleNamed', { name }), (of) => rule(of, name))),
  ].filter(({ a, b }) => a !== b)
}
