/** The keyboard map: single keys and two-key jumps such as `g m`, silent while somebody types or a dialog is open. */
import { onScopeDispose, shallowReactive } from 'vue'

export type Binding = { keys: string; label: string; run: () => void }

/** All that hold now, newest last; the help shows them. */
export const bindings = shallowReactive<Binding[]>([])

/** Binds keys as long as the caller lives. `label` is the key of a text. */
export function useKeys(wanted: Binding[]) {
  bindings.push(...wanted)
  onScopeDispose(() => {
    for (const binding of wanted) bindings.splice(bindings.indexOf(binding), 1)
  })
}

let [before, at] = ['', 0]

export function pressed(event: KeyboardEvent) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || busy(event.target)) return
  const both = event.timeStamp - at < 1200 && before ? `${before} ${event.key}` : ''
  const newest = [...bindings].reverse()
  const hit = newest.find(({ keys }) => keys === both) ?? newest.find(({ keys }) => keys === event.key)
  ;[before, at] = hit ? ['', 0] : [event.key, event.timeStamp]
  if (!hit) return
  event.preventDefault()
  hit.run()
}

function busy(target: EventTarget | null): boolean {
  if (document.querySelector('[role=dialog][data-state=open], [role=alertdialog][data-state=open], [role=menu]')) return true
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.closest('[role=listbox]') !== null
}
