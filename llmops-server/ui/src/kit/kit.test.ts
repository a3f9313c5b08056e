// Who builds a page sees every atom in the kit.
import { expect, test } from 'vitest'

const atoms = Object.keys(import.meta.glob('../atoms/*.vue')).map((path) => /(\w+)\.vue$/.exec(path)![1])
const kit = Object.values(import.meta.glob<string>('./*.vue', { eager: true, query: '?raw', import: 'default' })).join('\n')

test.each(atoms)('%s is in the kit', (name) => {
  expect(kit).toMatch(new RegExp(`<${name}[\\s/>]`))
})
