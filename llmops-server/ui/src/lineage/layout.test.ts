import { expect, test } from 'vitest'
import { fitted, placed } from './layout'

const nodes = (...ids: string[]) => ids.map((id) => ({ id, kind: 'model' }))
const edge = (from: string, to: string) => ({ from, to, relation: 'made' })
const columns = (...given: Parameters<typeof placed>) => Object.fromEntries(placed(...given).map(({ node, column }) => [node.id, column]))

test('what came later stands further right', () => {
  expect(columns(nodes('c', 'b', 'a'), [edge('a', 'b'), edge('b', 'c')])).toEqual({ a: 0, b: 1, c: 2 })
})

test('what has no origin stands just before what came of it', () => {
  expect(columns(nodes('a', 'b', 'c', 'data'), [edge('a', 'b'), edge('b', 'c'), edge('data', 'c')])).toMatchObject({ data: 1 })
})

test('a circle and a stranger end nothing', () => {
  expect(placed(nodes('a', 'b'), [edge('a', 'b'), edge('b', 'a'), edge('a', 'stranger')])).toHaveLength(2)
})

test('things of one column stand below each other', () => {
  expect(placed(nodes('a', 'b', 'c'), [edge('a', 'c'), edge('b', 'c')]).map(({ row }) => row)).toEqual([0, 1, 0])
})

test.each([
  ['what has room is wide', 3, 2000, { width: 220, gap: 72, scale: 1 }],
  ['an unknown room is enough', 6, 0, { width: 220, gap: 72, scale: 1 }],
  ['first it becomes narrow', 6, 1188, { width: 168, gap: 36, scale: 1 }],
  ['then small', 6, 891, { width: 168, gap: 36, scale: 0.75 }],
  ['what would be too small scrolls', 20, 800, { width: 168, gap: 36, scale: 0.7 }],
])('%s', (_, columns, room, measures) => expect(fitted(columns, room)).toEqual(measures))

test('what fits is never wider than its room', () => {
  for (let room = 832; room < 1700; room += 7) {
    const { width, gap, scale } = fitted(6, room)
    expect((6 * width + 5 * gap) * scale).toBeLessThanOrEqual(room + 1e-6)
  }
})
