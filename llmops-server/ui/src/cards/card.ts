/** What the pages know of cards: their parts, the change from one to another, and what a `README.md` says below them. */

/** One part as it is read and written; several words are separated by commas. */
export type Part = { key: string; text: string; isWords: boolean }
export type Carded = { metadata: Record<string, unknown>; tags: string[]; ownerTeam?: string | null }
/** What an editor makes of a card. The team and `text` are there when they were changed; `null` is no team. */
export type CardChanges = { metadata: Record<string, unknown>; tags: string[]; ownerTeam?: string | null; text?: string }

/** The parts that the Hub has as lists of words. */
const WORDS = ['annotations_creators', 'language', 'language_creators', 'multilinguality', 'size_categories', 'source_datasets', 'task_categories', 'task_ids']
export const isWords = (key: string) => WORDS.includes(key)
export const wordsOf = (text: string) => text.split(',').map((word) => word.trim()).filter(Boolean)
/** Words that stay the same when they are joined and taken apart again. */
const areWords = (value: unknown): value is string[] => Array.isArray(value) && value.every((one) => typeof one === 'string' && one.trim() === one && one !== '' && !one.includes(','))

/** The card's texts and words, some of them first, and the rest of it, which is data. */
export function partsOf(card: Record<string, unknown>, first: readonly string[]) {
  const others = Object.keys(card).filter((key) => !first.includes(key))
  const texts = [...first, ...others].flatMap((key): Part[] => {
    const value = card[key]
    if (typeof value === 'string') return value === '' ? [] : [{ key, text: value, isWords: false }]
    return areWords(value) && value.length ? [{ key, text: value.join(', '), isWords: true }] : []
  })
  const isPart = (key: string) => typeof card[key] === 'string' || areWords(card[key])
  const data = Object.fromEntries(Object.keys(card).filter((key) => !isPart(key)).map((key) => [key, card[key]]))
  return { texts, data }
}

/** The merge patch from one card to another: `null` takes a part away, and words stay words. */
export function patchOf(before: Part[], after: Record<string, string>): Record<string, unknown> {
  const known = new Map(before.map((part) => [part.key, part]))
  const patch: Record<string, unknown> = {}
  for (const key of new Set([...known.keys(), ...Object.keys(after)])) {
    const now = after[key]?.trim() ? after[key] : undefined
    if (now === known.get(key)?.text) continue
    const asWords = known.get(key)?.isWords ?? isWords(key)
    patch[key] = now === undefined ? null : asWords ? wordsOf(now) : now
  }
  return patch
}

/** What somebody wrote over what was there, with what is there now in the place of what he left. */
export function mergedOf(written: Record<string, string>, was: Record<string, string>, now: Record<string, string>): Record<string, string> {
  const keys = [...new Set([...Object.keys(written), ...Object.keys(now)])]
  return Object.fromEntries(keys.map((key) => [key, (written[key] ?? '') === (was[key] ?? '') ? (now[key] ?? '') : written[key]]))
}

/** What a `README.md` says below its front matter; nothing where it only says the name. */
export function textOf(readme: string, name: string): string {
  const text = /^---\r?\n(?:[^]*?\r?\n)??---\r?\n/.exec(readme)
  const below = text ? readme.slice(text[0].length) : readme
  return below.trim() === `# ${name}` ? '' : below
}

/** A `README.md` that says a text and nothing else, whatever the text begins with. */
export const readmeOf = (text: string) => new File(['---\n---\n', text], 'README.md', { type: 'text/markdown' })
