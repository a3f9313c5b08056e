import { expect, test } from 'vitest'
import { chosen, dropped, entriesOf } from './folder'

type Entry = Parameters<typeof dropped>[0][number]
const file = (name: string): Entry => ({ isFile: true, isDirectory: false, name, file: (take: (file: File) => void) => take(new File(['x'], name)) }) as unknown as Entry
/** As browsers do it: a few at a time. */
const folder = (name: string, ...inside: Entry[]): Entry => {
  const createReader = () => {
    const rest = [...inside]
    return { readEntries: (take: (some: Entry[]) => void) => take(rest.splice(0, 2)) }
  }
  return { isFile: false, isDirectory: true, name, createReader } as unknown as Entry
}
const pathsOf = async (...entries: Entry[]) => (await dropped(entries)).map(({ path }) => path).sort()
const model = () => folder('my-model', file('config.json'), file('model.safetensors'), file('.gitattributes'), folder('.git', file('HEAD')), folder('tokenizer', file('vocab.json'), folder('more', file('a.txt'))))

test('a dropped folder is walked to its end, and files in it keep their paths', async () => {
  expect(await pathsOf(model())).toEqual(['config.json', 'model.safetensors', 'tokenizer/more/a.txt', 'tokenizer/vocab.json'])
})

test('of several things that are dropped, folders keep their names', async () => {
  expect(await pathsOf(file('config.json'), folder('tokenizer', file('vocab.json')))).toEqual(['config.json', 'tokenizer/vocab.json'])
  expect(await pathsOf(file('.hidden'))).toEqual(['.hidden'])
})

test('a chosen folder leaves out its own name and what is hidden; chosen files are taken as they are', () => {
  const of = (path: string) => Object.defineProperty(new File(['x'], path.split('/').at(-1)!), 'webkitRelativePath', { value: path })
  const all = ['m/config.json', 'm/tokenizer/vocab.json', 'm/.git/HEAD', 'm/.DS_Store'].map(of)
  expect(chosen(all).map(({ path }) => path)).toEqual(['config.json', 'tokenizer/vocab.json'])
  const plain = Object.defineProperty(new File(['x'], '.env'), 'webkitRelativePath', { value: '' })
  expect(chosen([plain]).map(({ path }) => path)).toEqual(['.env'])
})

test('what is dropped and is no file is none', () => {
  const items = [{ kind: 'string' }, { kind: 'file', webkitGetAsEntry: () => file('a') }, { kind: 'file', webkitGetAsEntry: () => null }]
  expect(entriesOf(items as unknown as DataTransferItem[]).map(({ name }) => name)).toEqual(['a'])
})
