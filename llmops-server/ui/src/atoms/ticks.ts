/** What stands beside an axis: as short as tells its numbers apart, and how wide that is. Pure. */
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']
/** Below it a number is as short as its short form. */
const LONG = 10_000
const DIGITS = [3, 4, 5, 6, 7, 8]
/** So near that it is the same but for what floating point does to it. */
const NEAR = 1e-9

/** Whether a chart is of bytes, as its label or all of its lines are called. */
export function isOfBytes(label: string, names: string[]): boolean {
  const says = (name: string) => /(^|[^a-z])bytes$/i.test(name)
  return says(label) || (names.length > 0 && names.every(says))
}

/** The labels of an axis: `135M`, `134.9 MB`, with as many digits as the places of its ticks have. */
export function tickTexts(ticks: (number | null)[], tag: string, ofBytes = false): string[] {
  const highest = Math.max(0, ...ticks.map((tick) => Math.abs(tick ?? 0)))
  const step = ofBytes ? Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(highest, 1)) / 3)) : 0
  const short = !ofBytes && highest >= LONG
  const exact = (digits: number) => ticks.every((tick) => Math.abs(Number((tick ?? 0).toPrecision(digits)) - (tick ?? 0)) <= highest * NEAR)
  const format = new Intl.NumberFormat(tag, { maximumSignificantDigits: DIGITS.find(exact) ?? DIGITS.at(-1), notation: short ? 'compact' : 'standard' })
  return ticks.map((tick) => (tick === null ? '' : `${format.format(tick / 1000 ** step)}${ofBytes ? ` ${UNITS[step]}` : ''}`))
}

/** The room that labels take, with what lies between them and the lines. An axis without any has some all the same. */
export const roomOf = (texts: string[] | null, widthOf: (text: string) => number) => Math.max(36, ...(texts ?? []).map((text) => Math.ceil(widthOf(text)) + 12))
