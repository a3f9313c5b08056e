import { expect, test } from 'vitest'
import { isOfBytes, roomOf, tickTexts } from './ticks'

test.each([
  ['large numbers are short', [125e6, 130e6, 135e6], ['125M', '130M', '135M']],
  ['as many digits as tell them apart', [134_900_000, 134_950_000], ['134.9M', '134.95M']],
  ['small ones stay as they are', [0, 0.0005, 2500], ['0', '0.0005', '2,500']],
  ['a gap of a logarithm is empty', [1, null, 100], ['1', '', '100']],
])('%s', (_, ticks, said) => expect(tickTexts(ticks, 'en-US')).toEqual(said))

test('bytes have one unit beside an axis', () => {
  expect(tickTexts([0, 500e6, 1.5e9], 'en-US', true)).toEqual(['0 GB', '0.5 GB', '1.5 GB'])
  expect([isOfBytes('Curves: rss_bytes', ['a']), isOfBytes('Process', ['rss_bytes']), isOfBytes('Loss', ['loss', 'rss_bytes']), isOfBytes('megabytes', []), isOfBytes('Bytes', [])]).toEqual([true, true, false, false, true])
})

test('an axis is as wide as the widest label', () => {
  expect(roomOf(['0', '135,000,000'], (text) => text.length * 6)).toBe(78)
  expect([roomOf(null, () => 9), roomOf(['0'], () => 6)]).toEqual([36, 36])
})
