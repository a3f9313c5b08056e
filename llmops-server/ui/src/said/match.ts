/** Reads sentences by templates: which one a sentence is an instance of, what stands in its places, what it is in another language. Pure. */

/**
 * Sentences of the server, each with what it is in another language. A place in one holds any text, `{name}`; one word, `{name.}`; a number,
 * `{n#}`; another sentence, `{why~}`; or sentences with `; ` or `, ` between them, `{all;}` and `{all,}`. Where the server puts a sentence
 * together of pieces that stand apart in its code, `¦` is between them.
 */
export type Book = Record<string, string>

type Place = { name: string; kind: string }
type Template = { parts: string[]; places: Place[]; to: string; length: number; /** Has words of its own, and not only what stands between those of others. */ words: boolean }

/** Longer texts are no sentences, but what programs wrote. */
const MOST = 4000
/** Sentences in sentences in sentences. */
const DEEPEST = 5
const PLACE = /\{(\w+)([.#~;,]?)\}/
const FITS: Record<string, RegExp> = { '#': /^-?[\d.,]+(e-?\d+)?$/, '.': /^\S+$/ }

/** The literal parts of a sentence, each as it stands in the code of the server. */
export const piecesOf = (sentence: string) => sentence.split(/\{\w+[.#~;,]?\}|¦/).filter(Boolean)

/** The names of the places in a sentence, in their order. */
export const placesOf = (sentence: string) => [...sentence.matchAll(/\{(\w+)[.#~;,]?\}/g)].map(([, name]) => name)

function templateOf(sentence: string, to: string): Template {
  const [parts, places]: [string[], Place[]] = [[], []]
  for (const [at, part] of sentence.replaceAll('¦', '').split(PLACE).entries()) {
    if (at % 3 === 0) parts.push(part)
    else if (at % 3 === 1) places.push({ name: part, kind: '' })
    else places[places.length - 1].kind = part
  }
  const own = parts.join('')
  return { parts, places, to, length: own.length, words: /[a-z]/i.test(own) }
}

/** What stands in the places, if the text is an instance. Every literal part is looked for once, from where the one before it ended. */
function takenFrom(text: string, { parts, places }: Template): string[] | undefined {
  const last = parts[parts.length - 1]
  const end = text.length - last.length
  let at = parts[0].length
  if (end <= at || !text.startsWith(parts[0]) || !text.endsWith(last)) return undefined
  const taken: string[] = []
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at + 1)
    if (found < 0 || found + part.length >= end) return undefined
    taken.push(text.slice(at, found))
    at = found + part.length
  }
  taken.push(text.slice(at, end))
  return places.every(({ kind }, place) => FITS[kind]?.test(taken[place]) ?? true) ? taken : undefined
}

/** Says sentences of this book in its language, and everything else as it is. */
export function reader(book: Book): (text: string) => string {
  const whole = new Map<string, string>()
  const templates: Template[] = []
  for (const [sentence, to] of Object.entries(book)) {
    const template = templateOf(sentence, to)
    if (template.places.length) templates.push(template)
    else whole.set(template.parts[0], to)
  }
  // The one that says the most itself is what was meant.
  templates.sort((a, b) => b.length - a.length)

  function find(text: string, depth: number): string | undefined {
    const exact = whole.get(text)
    if (exact !== undefined || depth > DEEPEST) return exact
    for (const template of templates) {
      const taken = takenFrom(text, template)
      const filled = taken && fill(template, taken, depth)
      if (filled !== undefined) return filled
    }
    // A sentence within another may begin small, and by itself large.
    const small = text[0].toLowerCase() + text.slice(1)
    return small === text ? undefined : find(small, depth + 1)
  }

  function fill({ places, to, words }: Template, taken: string[], depth: number): string | undefined {
    const said: Record<string, string> = {}
    for (const [at, { name, kind }] of places.entries()) {
      const found = kind === '~' ? find(taken[at], depth + 1) : kind === ';' || kind === ',' ? listed(taken[at], `${kind} `, depth) : taken[at]
      if (found === undefined && !words) return undefined
      said[name] = found ?? taken[at]
    }
    return to.replace(/\{(\w+)\}/g, (_, name: string) => said[name])
  }

  const listed = (text: string, between: string, depth: number) => text.split(between).map((one) => (one && find(one, depth + 1)) || one).join(between)

  return (text) => (text && text.length <= MOST && find(text, 0)) || text
}
