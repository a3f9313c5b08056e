/** Whether a thing is what somebody looks for: by a part of its name, or by its id, of which lists show the last characters. */
const ID_END = /^[\da-f-]{8,36}$/

const wantedOf = (text: string) => text.trim().toLowerCase()
/** Whether a text may be an id or its end. */
export const mayBeId = (text: string) => ID_END.test(wantedOf(text))

export function isLike(text: string) {
  const [wanted, ended] = [wantedOf(text), mayBeId(text)]
  return ({ id, name }: { id: string; name: string }) => name.toLowerCase().includes(wanted) || (ended && id.endsWith(wanted))
}
