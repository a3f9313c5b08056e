/** Parallel coordinates: an axis for each thing in which runs differ, and where each run stands on it. Pure. */
import { metricRows, paramRows, type Run } from './run'

export type Axis = {
  name: string
  metric: boolean
  /** Of each run: 0 is the axis' foot, 1 its head; null where it has none. */
  places: (number | null)[]
  /** Of each run, in words. */
  values: string[]
  ticks: { at: number; label: string }[]
}

type Compared = Pick<Run, 'params' | 'metrics'>
/** From this ratio on, values that are all above zero stand on a logarithm. */
const WIDE = 100

/**
 * The axes of some runs: parameters that differ, then last values of metrics that do. `say` puts numbers into words. A digest beside
 * the id of the same thing would say nothing more.
 */
export function axesOf(runs: Compared[], say: (value: number) => string): Axis[] {
  const rows = paramRows(runs)
  const isTold = (name: string) => name.endsWith('Digest') && rows.some((row) => row.name === name.replace(/Digest$/, 'Id'))
  const params = rows.filter(({ name, differs }) => differs && !isTold(name)).map(({ name, values }) => ({ name, metric: false, ...scaled(values, say) }))
  const metrics = metricRows(runs, 'last').filter(({ values }) => new Set(values).size > 1)
  return [...params, ...metrics.map(({ name, values }) => ({ name, metric: true, ...onNumbers(values, say) }))]
}

function scaled(values: (string | undefined)[], say: (value: number) => string) {
  const numbers = values.map((value) => (value === undefined || value.trim() === '' ? null : Number(value)))
  const isNumber = values.every((value, at) => value === undefined || Number.isFinite(numbers[at] ?? NaN))
  return isNumber ? onNumbers(numbers, say) : onWords(values)
}

function onNumbers(values: (number | null)[], say: (value: number) => string) {
  const known = values.filter((value) => value !== null)
  const [least, most] = [Math.min(...known), Math.max(...known)]
  const log = least > 0 && most / least >= WIDE
  const bent = (value: number) => (log ? Math.log(value) : value)
  const at = (value: number) => (least === most ? 0.5 : (bent(value) - bent(least)) / (bent(most) - bent(least)))
  const middle = log ? Math.sqrt(least * most) : (least + most) / 2
  return {
    places: values.map((value) => (value === null ? null : at(value))),
    values: values.map((value) => (value === null ? '–' : say(value))),
    ticks: [...new Set([least, middle, most])].map((value) => ({ at: at(value), label: say(value) })),
  }
}

function onWords(values: (string | undefined)[]) {
  const words = [...new Set(values.filter((value) => value !== undefined))].sort()
  const at = (word: string) => (words.length === 1 ? 0.5 : words.indexOf(word) / (words.length - 1))
  return {
    places: values.map((value) => (value === undefined ? null : at(value))),
    values: values.map((value) => value ?? '–'),
    ticks: words.map((word) => ({ at: at(word), label: word })),
  }
}

/** The points of a run's line: axes stand from `left` to `right`; what a run does not have lies at `none`, below each foot. */
export function pointsOf(axes: Axis[], run: number, box: { left: number; right: number; head: number; foot: number; none: number }): { x: number; y: number }[] {
  return axes.map(({ places }, at) => ({ x: xOf(at, axes.length, box), y: places[run] === null ? box.none : box.foot - places[run] * (box.foot - box.head) }))
}

export const xOf = (at: number, count: number, { left, right }: { left: number; right: number }) => (count === 1 ? (left + right) / 2 : left + (at / (count - 1)) * (right - left))

/** What there is room for. */
export const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)
