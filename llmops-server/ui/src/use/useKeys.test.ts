import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type EffectScope, effectScope } from 'vue'
import { type Binding, bindings, pressed, useKeys } from './useKeys'

let scope: EffectScope
let at = 10_000
const ran: string[] = []
const bind = (...keys: string[]): Binding[] => keys.map((one) => ({ keys: one, label: one, run: () => ran.push(one) }))

beforeEach(() => {
  scope = effectScope()
  scope.run(() => useKeys(bind('g m', 'm', 'x')))
})
afterEach(() => {
  scope.stop()
  ran.length = 0
  document.body.innerHTML = ''
})

/** Presses a key `later` milliseconds after the one before; whether the page took it for itself. */
function press(key: string, { later = 100, target = document.body as HTMLElement, ...more }: { later?: number; target?: HTMLElement } & KeyboardEventInit = {}) {
  const event = new KeyboardEvent('keydown', { key, cancelable: true, ...more })
  Object.defineProperties(event, { timeStamp: { value: (at += later) }, target: { value: target } })
  const taken = vi.spyOn(event, 'preventDefault')
  pressed(event)
  return taken.mock.calls.length > 0
}

test('one key, and two that follow each other soon', () => {
  expect([press('x'), press('g'), press('m'), press('z')]).toEqual([true, false, true, false])
  expect(ran).toEqual(['x', 'g m'])
})

test('a first key is forgotten after a while, and once a jump was made', () => {
  press('g')
  press('m', { later: 1300 })
  press('g')
  press('m')
  press('m')
  expect(ran).toEqual(['m', 'g m', 'm'])
})

test('with Control, Command or Alt a key belongs to the browser', () => {
  expect([press('x', { ctrlKey: true }), press('x', { metaKey: true }), press('x', { altKey: true }), press('x', { isComposing: true })]).toEqual([false, false, false, false])
  expect(ran).toEqual([])
})

test.each(['<input>', '<textarea></textarea>', '<select></select>', '<div role="listbox"><p></p></div>'])('a key within %s is typed', (html) => {
  document.body.innerHTML = html
  press('x', { target: document.body.querySelector<HTMLElement>('p') ?? (document.body.firstElementChild as HTMLElement) })
  expect(ran).toEqual([])
})

test.each(['<div role="dialog" data-state="open"></div>', '<div role="alertdialog" data-state="open"></div>', '<div role="menu"></div>'])('beside %s the page hears no key', (html) => {
  document.body.innerHTML = html
  press('x')
  expect(ran).toEqual([])
})

test('the newest binding of a key holds until its page goes', () => {
  const page = effectScope()
  page.run(() => useKeys([{ keys: 'x', label: 'x', run: () => ran.push('of the page') }]))
  press('x')
  page.stop()
  press('x')
  expect(ran).toEqual(['of the page', 'x'])
  scope.stop()
  expect(bindings).toEqual([])
})
