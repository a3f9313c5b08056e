/** Sums of charges, as the pages show them. Pure. */
import type { Wire } from '@/api/types'
import type { Column, Filter } from '@/lists/types'

export type Sums = Wire<'CostSums'>
export type Group = Wire<'CostGroup'>
export type Money = { amount: string; currency: string; nanos: number }

export const GROUPINGS = ['model', 'project', 'day', 'user'] as const
export type Grouping = (typeof GROUPINGS)[number]
export const RESOURCES = ['request', 'training_job', 'evaluation', 'endpoint'] as const
export const PERIODS = ['7', '30', '90', ''] as const

/** The first day of a period in UTC, today included. */
export function startOf(days: string, now: number): string | undefined {
  return days ? new Date(now - (Number(days) - 1) * 86_400_000).toISOString().slice(0, 10) : undefined
}

/** Days from the first to the last without a gap: a day on which nothing was charged is a day as well. */
export function daysOf(groups: Group[], first: string | undefined, last: string): { day: string; group?: Group }[] {
  const known = new Map(groups.map((group) => [group.key ?? '', group]))
  const oldest = [...known.keys()].filter(Boolean).sort()[0] ?? last
  const days: { day: string; group?: Group }[] = []
  for (let at = Date.parse(first ?? oldest); at <= Date.parse(last); at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10)
    days.push({ day, group: known.get(day) })
  }
  return days
}

/** The currency in which most was charged: what bars are drawn in. */
export function mainCurrency({ amounts }: Sums): string {
  return [...amounts].sort((a, b) => b.nanos - a.nanos)[0]?.currency ?? 'USD'
}
export const nanosIn = (sums: Sums | undefined, currency: string): number => sums?.amounts.find((amount) => amount.currency === currency)?.nanos ?? 0

/** Groups by what they cost, the dearest first. */
export const byCost = (groups: Group[], currency: string): Group[] => [...groups].sort((a, b) => nanosIn(b.sums, currency) - nanosIn(a.sums, currency))

export const entryColumns: Column<Wire<'CostEntry'>>[] = [
  { id: 'resource', label: 'costs.what', width: 'minmax(280px, 2fr)' },
  { id: 'model', label: 'costs.model', width: 'minmax(160px, 2fr)' },
  { id: 'usage', label: 'costs.usage', width: 'minmax(220px, 2fr)' },
  { id: 'user', label: 'costs.user', width: 'minmax(110px, 1fr)', text: (entry) => entry.user },
  { id: 'price', label: 'costs.priceVersion', width: '110px', extra: true, text: (entry) => entry.priceVersion },
  { id: 'amount', label: 'costs.amount', width: '130px', right: true },
  { id: 'at', label: 'costs.at', width: '120px', right: true },
]

export const entryFilters: Filter[] = [
  { id: 'model', label: 'costs.byModel', kind: 'text' },
  { id: 'resourceType', label: 'costs.what', kind: 'choice', options: RESOURCES.map((value) => ({ value, label: `costs.resources.${value}` })) },
  { id: 'user', label: 'costs.user', kind: 'word' },
  { id: 'resourceId', label: 'costs.resourceId', kind: 'word' },
]

const KINDS: Partial<Record<string, 'job' | 'evaluation' | 'endpoint'>> = { training_job: 'job', evaluation: 'evaluation', endpoint: 'endpoint' }
/** The page of what was charged, if it has one: a request has none. */
export const linkKind = (resource: string) => KINDS[resource]
