/** A message in parts: what stands between backticks is code. Pure; nothing in it becomes HTML. */
export type Span = { text: string; code: boolean }

export function spansOf(text: string): Span[] {
  const spans: Span[] = []
  let from = 0
  for (const found of text.matchAll(/`([^`\n]+)`/g)) {
    spans.push({ text: text.slice(from, found.index), code: false }, { text: found[1], code: true })
    from = found.index + found[0].length
  }
  return [...spans, { text: text.slice(from), code: false }].filter(({ text }) => text)
}
