/** Whether a thing is what somebody looks for: by a part of its name, or by its id, of which lists show the last characters. */
const ID_END = /^[\da-f-]{8,36}$/

const wantedOf = (text: string) => text.trim().toLowerCase()
/** Whether a text may be an id or its end. */
export const mayBeId = (text: string) => ID_END.test(wantedOf(text))

export function isLike(text: string) {
  const [wanted, ended] = [wantedOf(text), mayBeId(text)]
  return ({ id, name }: { id: string; name: string }) => name.toLowerCase().includes(wanted) || (ended && id.endsWith(wanted))
}

/** Whether a text is a whole id. */
export const isId = (text: string) => mayBeId(text) && text.trim().length === 36

type Named = { id: string; name: string }
type How = { text?: string; limit: number }
/** Those whose name holds a text, by a list that looks for it; a text that may be an id is looked for among the newest as well, as no list knows ids. */
export async function likeIn<T extends Named>(text: string, most: number, list: (how: How) => Promise<{ items: T[] }>): Promise<T[]> {
  const asked: How[] = [...(isId(text) ? [] : [{ text, limit: most }]), ...(mayBeId(text) ? [{ limit: 200 }] : [])]
  const pages = await Promise.all(asked.map((how) => list(how)))
  const found = new Map(pages.flatMap(({ items }, at) => (asked[at].text ? items : items.filter(isLike(text)))).map((one) => [one.id, one]))
  return [...found.values()].slice(0, most)
}
