/** How line charts look: colours and lines of the theme, read when a chart is drawn. */
import type uPlot from 'uplot'
import { roomOf } from './ticks'

type Wanted = {
  width: number
  height: number
  axis: string
  log?: boolean
  lines: { name: string; color?: number }[]
  /** What stands beside the axis of values. */
  ticks: (values: (number | null)[]) => string[]
  /** A value where it stands alone, and a place on the common axis. */
  say: (value: number) => string
  place: (value: number) => string
}

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** Measured in pixels of the page, however fine the screen is. */
const widthIn = (ctx: CanvasRenderingContext2D, font: string) => (text: string) => {
  ctx.font = font
  return ctx.measureText(text).width
}

function lastOf(values: ArrayLike<number | null | undefined>): number | null | undefined {
  let at = values.length - 1
  while (at >= 0 && values[at] == null) at -= 1
  return values[at]
}

/** What the legend says: where the pointer is, and without one the last. */
const valueBy = (say: (value: number) => string) => (plot: uPlot, value: number | null, line: number, at: number | null) => {
  const said = at === null ? lastOf(plot.data[line]) : value
  return said == null ? '–' : say(said)
}

export function chartOptions({ width, height, axis, log, lines, ticks: textsOf, say, place }: Wanted): uPlot.Options {
  const font = `11px ${getComputedStyle(document.body).fontFamily}`
  const [ink, grid] = [token('--muted'), { stroke: token('--line'), width: 1 }]
  const ticks = { show: false }
  return {
    width,
    height,
    scales: { x: { time: false }, y: { distr: log ? 3 : 1 } },
    axes: [
      { stroke: ink, font, ticks, grid: { show: false }, label: axis, labelFont: font, labelSize: 14, labelGap: 0, size: 24, gap: 4 },
      { stroke: ink, font, ticks, grid, size: (plot, texts) => roomOf(texts, widthIn(plot.ctx, font)), space: 24, values: (_, values) => textsOf(values) },
    ],
    padding: [8, 22, 2, 0],
    cursor: { points: { size: 6 }, drag: { x: true, y: false } },
    legend: { live: true },
    series: [
      { label: axis, value: valueBy(place) },
      ...lines.map(({ name, color }, at) => ({
        label: name,
        stroke: token(`--series-${color ?? (at % 8) + 1}`),
        width: 1.5,
        spanGaps: true,
        points: { show: false },
        value: valueBy(say),
      })),
    ],
  }
}
