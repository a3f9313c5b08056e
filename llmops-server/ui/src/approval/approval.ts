/** What the pages know of the approval policy: its words, and in what two versions differ. Pure. */
import type { Wire } from '@/api/types'
import type { Change } from '@/models/ChangeTable.vue'

export type Policy = Wire<'ModelApprovalPolicy'>
export type Required = Wire<'RequiredEvaluation'>
/** What a version says, without who wrote it and when. */
export type Content = Pick<Policy, 'description' | 'evaluations' | 'licenses' | 'approvals' | 'allowWarnings'>

/** The types of models whose files an evaluation knows. */
export const MEASURABLE = ['base', 'fine-tuned'] as const

/** How numbers and names of datasets are said. */
export type Words = { t: (key: string, fill?: Record<string, unknown>, count?: number) => string; number: (value: number, digits?: number) => string; score: (value: number) => string; nameOf: (datasetId: string) => string | undefined }

/** The options of a metric; those that others decide are left out. */
export function optionsOf({ options }: Pick<Required, 'options'>): string | undefined {
  const said = Object.entries(options ?? {}).filter(([, value]) => value !== null)
  return said.length ? JSON.stringify(Object.fromEntries(said)) : undefined
}

/** The bounds of a required evaluation in words. */
export function boundsOf({ atLeast, atMost }: Pick<Required, 'atLeast' | 'atMost'>, { t, score }: Words): string {
  if (atLeast != null && atMost != null) return t('approval.between', { least: score(atLeast), most: score(atMost) })
  if (atLeast != null) return t('approval.from', { least: score(atLeast) })
  return atMost != null ? t('approval.upTo', { most: score(atMost) }) : t('approval.anyValue')
}

export const typesOf = ({ modelTypes }: Pick<Required, 'modelTypes'>, { t }: Pick<Words, 't'>) => (modelTypes ?? MEASURABLE).map((type) => t(`models.types.${type}`)).join(', ')

const measured = (of: Required, words: Words) => `${of.metric} · ${of.datasetId ? (words.nameOf(of.datasetId) ?? of.datasetId) : words.t('approval.anyDataset')}`

function evaluationIn(of: Required, words: Words): string {
  const { t, number } = words
  const samples = t('approval.samplesFrom', { n: number(of.minSamples ?? 1) }, of.minSamples ?? 1)
  return [boundsOf(of, words), samples, typesOf(of, words), optionsOf(of)].filter(Boolean).join('\n')
}

/** The lines in which two versions differ, in words. */
export function changesOf(before: Content | undefined, after: Content, words: Words): Change[] {
  const { t, number } = words
  const line = (name: string, say: (of: Content) => string | undefined): Change => ({ name, a: before && say(before), b: say(after) })
  const names = [...new Set([...(before?.evaluations ?? []), ...after.evaluations].map((of) => measured(of, words)))]
  const evaluations = ({ evaluations }: Content, name: string) => evaluations.filter((of) => measured(of, words) === name).map((of) => evaluationIn(of, words)).join('\n\n') || undefined
  return [
    line(t('approval.description'), ({ description }) => description || undefined),
    line(t('approval.approvals'), ({ approvals }) => number(approvals)),
    line(t('approval.licenses'), ({ licenses }) => licenses?.join(', ')),
    line(t('approval.warnings'), ({ allowWarnings }) => t(`approval.warningsAre.${allowWarnings}`)),
    ...names.map((name) => line(name, (of) => evaluations(of, name))),
  ].filter(({ a, b }) => a !== b)
}

/** A version as an address names it; none means the newest. */
export const versionIn = (text: string) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined)
