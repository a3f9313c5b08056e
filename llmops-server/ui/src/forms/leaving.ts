/** What was typed and is not sent yet: nobody loses it without being asked, whichever way he leaves. */
import { type InjectionKey, onScopeDispose, shallowRef } from 'vue'

const open = new Set<() => boolean>()
/** Answers the question whether to leave, while it is asked. */
export const question = shallowRef<(leave: boolean) => void>()
/** Tells a form that somebody is at it. */
export const BEGAN: InjectionKey<() => void> = Symbol('began')

const isHalfDone = () => [...open].some((is) => is())
/** What was typed may go. */
export const letGo = () => open.clear()

/** Whether the page may be left: at once if nothing was typed, else when whoever typed it says so. */
export async function mayLeave(): Promise<boolean> {
  if (!isHalfDone()) return true
  question.value?.(false)
  const leave = await new Promise<boolean>((answer) => {
    const mine = (leave: boolean) => {
      // Another way out may have asked its own question meanwhile.
      if (question.value === mine) question.value = undefined
      answer(leave)
    }
    question.value = mine
  })
  if (leave) letGo()
  return leave
}

/** Watches over a form from when somebody is at it: what fills itself in before is nothing that he typed. */
export function useUnsent(values: () => unknown) {
  let before: string | undefined
  const is = () => before !== undefined && before !== JSON.stringify(values())
  open.add(is)
  onScopeDispose(() => open.delete(is))
  return { began: () => void (before ??= JSON.stringify(values())), sent: () => (before = undefined) }
}

addEventListener('beforeunload', (event) => isHalfDone() && event.preventDefault())
