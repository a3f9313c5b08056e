import { expect, test } from 'vitest'
import { apart, axesOf, cut, inRows, pointsOf } from './parallel'
import type { Run } from './run'

const run = (params: Record<string, string>, metrics: Record<string, number | 'NaN'>) =>
  ({ params, metrics: Object.fromEntries(Object.entries(metrics).map(([name, last]) => [name, { last }])) }) as unknown as Pick<Run, 'params' | 'metrics'>
const runs = [
  run({ lr: '0.0001', dataDigest: 'a', dataId: 'x', method: 'full', seed: '1', steps: '100' }, { loss: 2, tokens: 5 }),
  run({ lr: '0.01', dataDigest: 'b', dataId: 'y', method: 'lora', seed: '1', steps: '300', rank: '8' }, { loss: 1, tokens: 5 }),
  run({ lr: '0.001', dataDigest: 'b', dataId: 'y', method: 'full', seed: '1', steps: '200' }, { loss: 'NaN', tokens: 5 }),
]
const axes = axesOf(runs, String)
const axis = (name: string) => axes.find((axis) => axis.name === name)!

test('an axis stands for each thing that differs, parameters first', () => {
  expect(axes.map(({ name, metric }) => [name, metric])).toEqual([['dataId', false], ['lr', false], ['method', false], ['rank', false], ['steps', false], ['loss', true]])
})

test('numbers stand between the least and the most, far apart ones on a logarithm', () => {
  expect(axis('steps')).toMatchObject({ places: [0, 1, 0.5], ticks: [{ at: 0, label: '100' }, { at: 0.5, label: '200' }, { at: 1, label: '300' }] })
  expect(axis('lr').places.map((place) => Number(place!.toFixed(6)))).toEqual([0, 1, 0.5])
})

test('words stand one above the other, and what is not there has no place', () => {
  expect(axis('method')).toMatchObject({ places: [0, 1, 0], values: ['full', 'lora', 'full'], ticks: [{ at: 0, label: 'full' }, { at: 1, label: 'lora' }] })
  expect(axis('rank')).toMatchObject({ places: [null, 0.5, null], values: ['–', '8', '–'], ticks: [{ at: 0.5, label: '8' }] })
  expect(axis('loss').places).toEqual([1, 0, null])
})

test('a line goes from axis to axis, below the foot where a run has nothing', () => {
  const box = { left: 0, right: 50, head: 0, foot: 100, none: 120 }
  expect(pointsOf(axes, 0, box)).toEqual([{ x: 0, y: 100 }, { x: 10, y: 100 }, { x: 20, y: 100 }, { x: 30, y: 120 }, { x: 40, y: 100 }, { x: 50, y: 0 }])
  expect(pointsOf(axes.slice(0, 1), 1, box)).toEqual([{ x: 25, y: 0 }])
  expect([cut('short', 8), cut('intermediateSize', 8)]).toEqual(['short', 'interme…'])
})

test('words that begin alike are told apart by what follows', () => {
  expect(apart(['0198f2d4-60', '0198f2d4-61'])).toEqual(['…4-60', '…4-61'])
  expect(apart(['q_proj,v_proj', 'q_proj,v_proj,o_proj'])).toEqual(['…roj', '…roj,o_proj'])
  expect([apart(['full', 'lora']), apart(['a-single-long-word']), apart([])]).toEqual([['full', 'lora'], ['a-single-long-word'], []])
})

test('of many words not every one is written', () => {
  const many = axesOf(Array.from({ length: 20 }, (_, at) => run({ word: `w${String.fromCharCode(97 + at)}` }, {})), String)[0]
  expect([many.ticks.map(({ label }) => label).join(), many.labels[1]]).toEqual(['wa,wc,we,wg,wi,wk,wm,wo,wq,ws', 'wb'])
})

test('axes stand in rows of about the same length', () => {
  const lengths = (count: number, most: number) => inRows(Array.from({ length: count }, () => axes[0]), most).map((row) => row.length)
  expect([lengths(14, 9), lengths(4, 3), lengths(7, 3), lengths(3, 0), lengths(0, 3)]).toEqual([[7, 7], [2, 2], [2, 3, 2], [1, 1, 1], []])
})
