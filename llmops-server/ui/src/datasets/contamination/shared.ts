/** What two texts share, cut into words as the check cuts them. Pure. */
import type { Sample } from './contamination'

export type Part = { text: string; shared: boolean }
type Word = { text: string; start: number; end: number }

/** Scripts in which each character is a word. */
const ALONE = '\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Tibetan}\\p{sc=Myanmar}\\p{sc=Khmer}\\p{sc=Hangul}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Han}'
const WORDS = new RegExp(`[${ALONE}]|(?:(?![${ALONE}])[\\p{L}\\p{N}]\\p{M}*)+`, 'gu')
/** Words that are a run where the check has no run of its own: rows that are nearly the same are held against each other so. */
const SHORT = 3

const wordsOf = (text: string): Word[] => [...text.matchAll(WORDS)].map((found) => ({ text: found[0].toLowerCase(), start: found.index, end: found.index + found[0].length }))
const runsOf = (words: Word[], n: number) => words.slice(0, Math.max(0, words.length - n + 1)).map((_, at) => words.slice(at, at + n).map(({ text }) => text).join(' '))

/** The text in parts: runs of so many words that the other has as well, and what lies between. */
function marked(text: string, words: Word[], n: number, theirs: Set<string>): Part[] {
  const spans: [number, number][] = []
  runsOf(words, n).forEach((run, at) => {
    if (!theirs.has(run)) return
    const [start, end] = [words[at].start, words[at + n - 1].end]
    const last = spans.at(-1)
    // What lies between two words of one run, or of runs side by side, is no gap.
    if (last && (start <= last[1] || words[at - 1]?.end === last[1])) last[1] = end
    else spans.push([start, end])
  })
  const edges = [0, ...spans.flat(), text.length]
  return edges.slice(1).map((edge, at) => ({ text: text.slice(edges[at], edge), shared: at % 2 === 1 })).filter((part) => part.text)
}

/** Both excerpts of a pair with what they share marked: by the longest runs that find anything. */
export function sharedIn({ kind, excerpt, sourceExcerpt }: Pick<Sample, 'kind' | 'excerpt' | 'sourceExcerpt'>, ngram: number): [Part[], Part[]] {
  const [mine, theirs] = [wordsOf(excerpt), wordsOf(sourceExcerpt)]
  const tried = [...new Set([kind === 'ngram' ? ngram : SHORT, SHORT, 1])].filter((n) => n <= Math.min(mine.length, theirs.length))
  for (const n of tried) {
    const [ours, others] = [new Set(runsOf(mine, n)), new Set(runsOf(theirs, n))]
    const parts: [Part[], Part[]] = [marked(excerpt, mine, n, others), marked(sourceExcerpt, theirs, n, ours)]
    if (parts[0].some(({ shared }) => shared)) return parts
  }
  return [[{ text: excerpt, shared: false }], [{ text: sourceExcerpt, shared: false }]]
}
