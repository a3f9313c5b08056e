import { expect, test } from 'vitest'
import { useFormat } from './useFormat'

const { money, about, price } = useFormat()

test('what something costs is short, and less than a millionth is said as that', () => {
  expect(['0.000000778', 0, '0.00000123456', '0.00004729', 1.5, '1234.567'].map((amount) => money(amount))).toEqual(['< $0.000001', '$0.00', '$0.00000123', '$0.0000473', '$1.50', '$1,234.57'])
  expect([about('0.000000778'), about('2')]).toEqual(['< $0.000001', '≈ $2.00'])
})

test('a price is said whole', () => {
  expect(['0.000000778', '0.125', '0.04', '2'].map((amount) => price(amount, 'EUR'))).toEqual(['€0.000000778', '€0.125', '€0.04', '€2.00'])
})
