/** A job's lines as one reads them: its events, which are JSON, as words. Pure. */
import type { Wire } from '@/api/types'

const short = (value: unknown): string => {
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(5)))
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function said({ attempt, channel, line }: Wire<'JobLogLine'>, attempts: boolean): string {
  const before = attempts ? `#${attempt} ` : ''
  if (channel !== 'events') return before + line
  try {
    const { event, ...more } = JSON.parse(line) as Record<string, unknown>
    const words = Object.entries(more).filter(([, value]) => value !== null).map(([key, value]) => `${key}=${short(value)}`)
    return `${before}${String(event ?? '').padEnd(10)} ${words.join('  ')}`
  } catch {
    return before + line
  }
}
