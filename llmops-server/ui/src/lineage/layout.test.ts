import { expect, test } from 'vitest'
import { placed } from './layout'

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
