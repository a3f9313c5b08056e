import { expect, test, vi } from 'vitest'
import { findAll } from './findAll'
import { isId, isLike, likeIn } from './like'

const thing = { id: '0198f2d4-7a11-7c3e-9d50-1c2d3e4f5a6b', name: 'Quickstart-base' }

test.each([
  ['start-B', true],
  ['1C2D3E4F5A6B', true],
  [thing.id, true],
  ['5a6b', false],
  ['0198f2d4', false],
])('%s finds it: %s', (text, expected) => {
  expect(isLike(text)(thing)).toBe(expected)
})

test('a whole id is one, and its end is none', () => {
  expect([isId(` ${thing.id.toUpperCase()} `), isId('1c2d3e4f5a6b'), isId('not-an-id-but-as-long-as-one-would-be')]).toEqual([true, false, false])
})

test('what may be an id is looked for among the newest, behind what is called so', async () => {
  const [named, newest] = [{ id: 'x', name: '1c2d3e4f5a6b' }, [{ id: 'y', name: 'other' }, thing]]
  const list = vi.fn(async ({ text }: { text?: string; limit: number }) => ({ items: text ? [named] : newest }))
  expect(await likeIn('quick', 5, list)).toEqual([named])
  expect(await likeIn('1c2d3e4f5a6b', 5, list)).toEqual([named, thing])
  expect(await likeIn(thing.id, 5, list)).toEqual([thing])
  expect(list.mock.calls).toEqual([[{ text: 'quick', limit: 5 }], [{ text: '1c2d3e4f5a6b', limit: 5 }], [{ limit: 200 }], [{ limit: 200 }]])
})

test('an id that no list has any more is asked for, and only then', async () => {
  const hit = (label: string) => ({ path: `/${label}`, label, icon: {} })
  const one = vi.fn(async (id: string) => (id === thing.id ? hit('old') : Promise.reject(new Error('not found'))))
  const among = [{ op: 'catalog.list_models' as const, find: async (text: string) => (text === 'new' ? [hit('new')] : []), one }, { op: 'training.list_jobs' as const, find: () => Promise.reject(new Error('away')), one: () => Promise.reject(new Error('not found')) }]
  expect([await findAll('new', among), await findAll('0198f2d4', among), one.mock.calls.length]).toEqual([[hit('new')], [], 0])
  expect(await findAll(thing.id.toUpperCase(), among)).toEqual([hit('old')])
})
