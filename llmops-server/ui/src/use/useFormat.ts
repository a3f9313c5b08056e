/** Numbers, sizes, times and money as the language writes them. */
import { computed } from 'vue'
import { language } from './texts'

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3600], ['minute', 60],
]

/** The least amount that is said, of whichever currency. */
const LEAST = 0.000001

export function useFormat() {
  const tag = computed(() => (language.value === 'ko' ? 'ko-KR' : 'en-GB'))

  const number = (value: number, digits = 0) => new Intl.NumberFormat(tag.value, { maximumFractionDigits: digits }).format(value)

  /** A score or a loss: four significant digits. */
  const score = (value: number) => new Intl.NumberFormat(tag.value, { maximumSignificantDigits: 4 }).format(value)

  const percent = (share: number) => new Intl.NumberFormat(tag.value, { style: 'percent', maximumFractionDigits: 1 }).format(share)

  const bytes = (value: number) => {
    const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(value, 1)) / 3))
    return `${number(value / 1000 ** step, step ? 1 : 0)} ${UNITS[step]}`
  }

  const inCurrency = (value: number, currency: string, digits: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(tag.value, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...digits }).format(value)

  /** What something costs: in cents, as far as it is some, and less than anybody reckons with is said as that. */
  const money = (amount: string | number, currency = 'USD') => {
    const value = Number(amount)
    if (value > 0 && value < LEAST) return `< ${inCurrency(LEAST, currency, { maximumSignificantDigits: 1 })}`
    const small = value !== 0 && Math.abs(value) < 0.01
    return inCurrency(value, currency, small ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 2 })
  }
  /** The same where it is reckoned beforehand. */
  const about = (amount: string | number, currency?: string) => {
    const said = money(amount, currency)
    return said.startsWith('<') ? said : `≈ ${said}`
  }
  /** What one of something costs, as it was set: all of it. */
  const price = (amount: string | number, currency = 'USD') => inCurrency(Number(amount), currency, { minimumFractionDigits: 2, maximumFractionDigits: 9 })

  const time = (at: string | number | Date) =>
    new Intl.DateTimeFormat(tag.value, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at))

  const ago = (at: string | number | Date, now = Date.now()) => {
    const seconds = Math.round((new Date(at).getTime() - now) / 1000)
    const relative = new Intl.RelativeTimeFormat(tag.value, { numeric: 'auto', style: 'short' })
    for (const [unit, size] of STEPS) if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit)
    return relative.format(Math.min(0, seconds), 'second')
  }

  /** `1 h 04 min`, `12 s`, `340 ms`. */
  const duration = (ms: number) => {
    const part = (value: number, unit: string) =>
      new Intl.NumberFormat(tag.value, { style: 'unit', unit, unitDisplay: 'narrow', maximumFractionDigits: 1 }).format(value)
    if (ms < 1000) return part(Math.round(ms), 'millisecond')
    if (ms < 10_000) return part(Math.floor(ms / 100) / 10, 'second')
    const [hours, minutes, seconds] = [Math.floor(ms / 3.6e6), Math.floor(ms / 6e4) % 60, Math.floor(ms / 1000) % 60]
    if (hours) return `${part(hours, 'hour')} ${part(minutes, 'minute')}`
    return minutes ? `${part(minutes, 'minute')} ${part(seconds, 'second')}` : part(seconds, 'second')
  }

  return { number, score, percent, bytes, money, about, price, time, ago, duration }
}
