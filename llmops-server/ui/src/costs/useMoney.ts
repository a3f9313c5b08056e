/** Money as charges have it: what is less than anybody reckons with is said as that. */
import { useFormat } from '@/use/useFormat'

/** A millionth, of whichever currency. */
const LEAST = 0.000001

export function useMoney() {
  const { money } = useFormat()
  return (amount: string | number, currency?: string) => {
    const value = Number(amount)
    return value > 0 && value < LEAST ? `< ${money(LEAST, currency)}` : money(amount, currency)
  }
}
