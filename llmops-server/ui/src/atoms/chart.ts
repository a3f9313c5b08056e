/** How line charts look: colours and lines of the theme, read when a chart is drawn. */
import type uPlot from 'uplot'

type Wanted = {
  width: number
  height: number
  axis: string
  log?: boolean
  lines: { name: string; color?: number }[]
  score: (value: number) => string
}

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

export function chartOptions({ width, height, axis, log, lines, score }: Wanted): uPlot.Options {
  const font = `11px ${getComputedStyle(document.body).fontFamily}`
  const [ink, grid] = [token('--muted'), { stroke: token('--line'), width: 1 }]
  const ticks = { show: false }
  return {
    width,
    height,
    scales: { x: { time: false }, y: { distr: log ? 3 : 1 } },
    axes: [
      { stroke: ink, font, ticks, grid: { show: false }, label: axis, labelFont: font, labelSize: 14, labelGap: 0, size: 24, gap: 4 },
      { stroke: ink, font, ticks, grid, size: 56, space: 24, values: (_, values) => values.map((value) => (value === null ? '' : score(value))) },
    ],
    padding: [8, 22, 2, 0],
    cursor: { points: { size: 6 }, drag: { x: true, y: false } },
    legend: { live: true },
    series: [
      { label: axis },
      ...lines.map(({ name, color }, at) => ({
        label: name,
        stroke: token(`--series-${color ?? (at % 8) + 1}`),
        width: 1.5,
        spanGaps: true,
        points: { show: false },
        value: (_: unknown, value: number | null) => (value === null ? '–' : score(value)),
      })),
    ],
  }
}
