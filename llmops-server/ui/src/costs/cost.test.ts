import { expect, test } from 'vitest'
import { byCost, daysOf, type Group, mainCurrency, startOf, type Sums } from './cost'

const sums = (nanos: number, currency = 'USD') => ({ amounts: [{ amount: '', currency, nanos }], count: 1, unpriced: 0 }) as unknown as Sums
const group = (key: string, nanos: number): Group => ({ key, sums: sums(nanos) })

test('a period of days ends today and knows the days on which nothing happened', () => {
  const now = Date.parse('2026-11-25T01:00:00Z')
  expect(startOf('7', now)).toBe('2026-11-19')
  expect(startOf('', now)).toBeUndefined()
  const days = daysOf([group('2026-11-24', 5)], '2026-11-23', '2026-11-25')
  expect(days.map(({ day, group }) => [day, group?.sums.amounts[0].nanos])).toEqual([['2026-11-23', undefined], ['2026-11-24', 5], ['2026-11-25', undefined]])
  expect(daysOf([group('2026-11-24', 5)], undefined, '2026-11-25')).toHaveLength(2)
})

test('the dearest comes first, in the currency of most of it', () => {
  const total = { amounts: [...sums(3, 'EUR').amounts, ...sums(9).amounts] } as Sums
  expect(mainCurrency(total)).toBe('USD')
  expect(byCost([group('a', 1), group('b', 9)], 'USD').map(({ key }) => key)).toEqual(['b', 'a'])
})
