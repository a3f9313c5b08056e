/** Parallel coordinates: an axis for each thing in which runs differ, and where each run stands on it. Pure. */
import { metricRows, paramRows, type Run } from './run'

export type Axis = {
  name: string
  metric: boolean
  /** Of each run: 0 is the axis' foot, 1 its head; null where it has none. */
  places: (number | null)[]
  /** Of each run, in words. */
  values: string[]
  /** The same where there is little room: what is alike in all of them is left out. */
  labels: string[]
  ticks: { at: number; label: string }[]
}

type Compared = Pick<Run, 'params' | 'metrics'>
/** From this ratio on, values that are all above zero stand on a logarithm. */
const WIDE = 100
/** The most words that stand one above the other. */
const MOST_WORDS = 12
/** What is alike in this many signs is left out but for a few. */
const [ALIKE, LEFT] = [6, 3]

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
  const said = values.map((value) => (value === null ? '–' : say(value)))
  return {
    places: values.map((value) => (value === null ? null : at(value))),
    values: said,
    labels: said,
    ticks: [...new Set([least, middle, most])].map((value) => ({ at: at(value), label: say(value) })),
  }
}

function onWords(values: (string | undefined)[]) {
  const words = [...new Set(values.filter((value) => value !== undefined))].sort()
  const at = (word: string) => (words.length === 1 ? 0.5 : words.indexOf(word) / (words.length - 1))
  const labels = new Map(apart(words).map((label, place) => [words[place], label]))
  const each = Math.ceil(words.length / MOST_WORDS)
  return {
    places: values.map((value) => (value === undefined ? null : at(value))),
    values: values.map((value) => value ?? '–'),
    labels: values.map((value) => (value === undefined ? '–' : labels.get(value)!)),
    ticks: words.filter((_, place) => place % each === 0).map((word) => ({ at: at(word), label: labels.get(word)! })),
  }
}

/** Words without what all of them begin with, but for a little of it: cut at their ends they would all look alike. */
export function apart(words: string[]): string[] {
  const [first = '', last = ''] = [words[0], words.at(-1)]
  let alike = 0
  if (words.length > 1) while (alike < first.length && first[alike] === last[alike]) alike += 1
  const from = alike > ALIKE ? alike - LEFT : 0
  return words.map((word) => (from ? `…${word.slice(from)}` : word))
}

/** As many axes in a row as there is room for, in rows of about the same length. */
export function inRows(axes: Axis[], most: number): Axis[][] {
  const rows = Math.ceil(axes.length / Math.max(1, most))
  return Array.from({ length: rows }, (_, row) => axes.slice(Math.round((row * axes.length) / rows), Math.round(((row + 1) * axes.length) / rows)))
}

/** The points of a run's line: axes stand from `left` to `right`; what a run does not have lies at `none`, below each foot. */
export function pointsOf(axes: Axis[], run: number, box: { left: number; right: number; head: number; foot: number; none: number }): { x: number; y: number }[] {
  return axes.map(({ places }, at) => ({ x: xOf(at, axes.length, box), y: places[run] === null ? box.none : box.foot - places[run] * (box.foot - box.head) }))
}

export const xOf = (at: number, count: number, { left, right }: { left: number; right: number }) => (count === 1 ? (left + right) / 2 : left + (at / (count - 1)) * (right - left))

/** What there is room for. */
export const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)
