import { expect, test } from 'vitest'
import { useMoney } from './useMoney'

test('less than a millionth is said as that', () => {
  const money = useMoney()
  expect([money('0.000000778'), money(0), money('0.00000123456'), money(1.5)]).toEqual(['< $0.000001', '$0.00', '$0.00000123', '$1.50'])
})
