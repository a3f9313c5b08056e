/** Curves out of series: joined on one axis, smoothed, grown by what comes in. Pure. */
import type { Wire } from '@/api/types'
import type { Line } from '@/atoms/LineChart.vue'

export type Curve = { name: string; color?: number; points: { step: number; value: Wire<'Number'> }[] }

/** NaN and infinities come as words; a chart has a gap there. */
export const finite = (value: Wire<'Number'> | null | undefined): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)

/** A mean that forgets, without the pull of its beginning; gaps stay gaps. `weight` of 0 leaves the values as they are. */
export function smoothed(values: (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return values
  let [mean, norm] = [0, 0]
  return values.map((value) => {
    if (value === null) return null
    mean = mean * weight + value * (1 - weight)
    norm = norm * weight + (1 - weight)
    return mean / norm
  })
}

/** The curves over all their steps, each smoothed over its own points. A logarithm knows nothing at or below zero. */
export function joined(curves: Curve[], look: { smooth?: number; log?: boolean } = {}): { at: number[]; lines: Line[] } {
  const at = [...new Set(curves.flatMap(({ points }) => points.map(({ step }) => step)))].sort((a, b) => a - b)
  const place = new Map(at.map((step, index) => [step, index]))
  const lines = curves.map(({ name, color, points }) => {
    const values: (number | null)[] = Array(at.length).fill(null)
    const own = smoothed(points.map(({ value }) => finite(value)), look.smooth ?? 0)
    points.forEach(({ step }, index) => (values[place.get(step)!] = look.log && (own[index] ?? 0) <= 0 ? null : own[index]))
    return { name, color, values }
  })
  return { at, lines }
}

/** A series with points that came after it was read. One that is known already changes nothing. */
export function grown(before: Wire<'RunSeries'>, points: Wire<'MetricPoint'>[]): Wire<'RunSeries'> {
  const names = [...new Set([...before.series, ...points].map(({ name }) => name))].sort()
  const series = names.map((name) => {
    const known = before.series.find((series) => series.name === name) ?? { name, points: [], total: 0 }
    const last = known.points.at(-1)?.step ?? -Infinity
    const more = points.filter((point) => point.name === name && (point.step ?? 0) > last)
    if (!more.length) return known
    const added = more.map(({ step, time, value }) => ({ step: step ?? 0, time: time ?? new Date().toISOString(), value }))
    return { name, points: [...known.points, ...added], total: known.total + added.length }
  })
  return { ...before, series }
}

/** A colour for each run, 1 to 8: the same wherever it is shown, and no two alike while there are enough. */
export function colorsOf(ids: string[]): number[] {
  const taken = new Set<number>()
  return ids.map((id) => {
    let color = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 8191, 7) % 8
    for (let tries = 0; taken.has(color) && tries < 8; tries++) color = (color + 1) % 8
    taken.add(color)
    return color + 1
  })
}

/** Which end of a metric is the good one, as far as its name tells. */
export const betterOf = (metric: string): 'low' | 'high' | undefined =>
  /loss|perplexity|error|latency|bits_per/i.test(metric) ? 'low' : /acc|f1|bleu|rouge|chrf|match|reward/i.test(metric) ? 'high' : undefined
