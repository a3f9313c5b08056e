/** What a list page is made of: columns and filters, as data. */
import type { Option } from '@/atoms/UiSelect.vue'

export type Column<T> = {
  id: string
  /** The key of its text; with `named` the text itself, for columns whose names are data. */
  label: string
  named?: boolean
  /** A track of a CSS grid: `minmax(180px, 2fr)`, `120px`. */
  width: string
  right?: boolean
  /** Its label is for those who cannot see that the cells need none. */
  quiet?: boolean
  /** The word of the API's `sort` for rising order; falling is `-` before it. */
  sort?: string
  /** What the cell says. A slot `cell-<id>` draws it instead. */
  text?: (row: T) => string | number | null | undefined
  /** Hidden until somebody asks for it. */
  extra?: boolean
}

/** A filter is a parameter of the list operation, under the same name in the address. */
export type Filter = {
  id: string
  label: string
  /** The main text field, a choice of few, or a word typed as `id:value`. */
  kind: 'text' | 'choice' | 'word'
  options?: Option[]
}

/** Splits what was typed into free text and `id:value` words of filters that exist. */
export function parsed(typed: string, names: string[]): { text: string; words: Record<string, string> } {
  const words: Record<string, string> = {}
  const rest = typed.replace(/(^|\s)(\w+):("[^"]+"|\S+)/g, (all, _, name: string, value: string) => {
    const known = names.find((known) => known.toLowerCase() === name.toLowerCase())
    if (!known) return all
    words[known] = value.replaceAll('"', '')
    return ' '
  })
  return { text: rest.trim().replace(/\s+/g, ' '), words }
}

/** The next order when a header is pressed: rising, falling, as it was. */
export function nextSort(now: string, by: string): string {
  return now === by ? `-${by}` : now === `-${by}` ? '' : by
}
