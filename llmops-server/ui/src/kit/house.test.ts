// Who asks the server decides what is shown; what is shown is drawn by somebody else, from props.
import { expect, test } from 'vitest'

const sources = import.meta.glob<string>('../**/*.vue', { eager: true, query: '?raw', import: 'default' })
const ASKS = /\b(use(Read|Pages|Whole|Live|Do|Query|Queries|InfiniteQuery|Mutation)|call)\(/
const DRAWS = /<(table|ul|ol|dl|form|fieldset|input|select|textarea|pre|canvas|svg|DataTable|LineChart|UiBars|UiDiff|UiFacts|UiField|UiInput|UiTextarea)[\s/>]/g

/** What a component draws although it asks the server. */
function both(source: string): string[] {
  const at = source.search(/^<template>/m)
  return ASKS.test(source.slice(0, at)) ? [...source.slice(at).matchAll(DRAWS)].map(([, what]) => what) : []
}

test.each([
  ['asks and draws', "const runs = useRead('a.b', {})", '<AsyncView :of="runs"><ol><li /></ol></AsyncView>', ['ol']],
  ['asks and hands on', "const runs = usePages('a.b', {})", '<AsyncView :of="runs"><RunTable :runs="data" /></AsyncView>', []],
  ['is handed what it draws', 'defineProps<{ runs: Run[] }>()', '<DataTable :rows="runs" />', []],
  ['changes and draws', "const save = useDo('a.c')", '<UiDialog><form><UiField /></form></UiDialog>', ['form', 'UiField']],
])('what %s', (_, script, template, drawn) => {
  expect(both(`<script setup lang="ts">\n${script}\n</script>\n\n<template>\n  ${template}\n</template>\n`)).toEqual(drawn)
})

test('no component asks the server and draws', () => {
  const found = Object.entries(sources).map(([path, source]) => [path, both(source)])
  expect(found.filter(([, drawn]) => drawn.length)).toEqual([])
})
