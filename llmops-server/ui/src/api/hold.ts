/** While nobody is signed in, what pages ask waits: it goes on once the same person is back, and is given up for anybody else. */
import { asApiError } from './error'

type Waiting = { go: () => void; giveUp: (why: unknown) => void }

let [held, signIns] = [false, 0]
let lapsed = () => {}
const waiting = new Set<Waiting>()

export const isHeld = () => held
/** From now on what is asked waits. */
export const hold = () => void (held = true)
/** Hears that a call was refused because nobody is signed in, though somebody was. */
export const whenLapsed = (then: () => void) => void (lapsed = then)

/** What waits goes on if it is the same person who asked for it, and comes to nothing if it is not. */
export function release(isSame: boolean) {
  ;[held, signIns] = [false, signIns + 1]
  const all = [...waiting]
  waiting.clear()
  for (const { go, giveUp } of all) isSame ? go() : giveUp(new DOMException('somebody else is signed in', 'AbortError'))
}

function passed(signal?: AbortSignal): Promise<void> | undefined {
  if (!held) return undefined
  return new Promise((go, giveUp) => {
    const mine = { go, giveUp }
    waiting.add(mine)
    signal?.addEventListener('abort', () => waiting.delete(mine) && giveUp(signal.reason), { once: true })
  })
}

/** Carries something out, and once more when the session had ended meanwhile: refused for that, nothing of it was done. */
export async function signedIn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  while (true) {
    await passed(signal)
    const mine = signIns
    try {
      return await work()
    } catch (thrown) {
      if (signal?.aborted || !isSignedOut(thrown)) throw thrown
      // What was asked before the last sign-in says nothing about the session that is.
      if (mine === signIns && !held) lapsed()
      if (mine === signIns && !held) throw thrown
    }
  }
}

const isSignedOut = (thrown: unknown) => asApiError(thrown).status === 401 || asApiError(thrown).kind === 'unauthenticated'
