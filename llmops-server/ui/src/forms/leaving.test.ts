import { expect, test } from 'vitest'
import { effectScope, reactive } from 'vue'
import { letGo, mayLeave, question, useUnsent } from './leaving'

function form() {
  const [scope, values] = [effectScope(), reactive({ name: '' })]
  return { values, ...scope.run(() => useUnsent(() => values))!, close: () => scope.stop() }
}
/** Leaves, and answers if that is asked. */
async function leaving(answer: boolean) {
  const may = mayLeave()
  const asked = question.value !== undefined
  question.value?.(answer)
  return { asked, may: await may }
}

test('nobody is asked about what he did not type', async () => {
  const { values, began, close } = form()
  values.name = 'filled in by the page'
  expect(await leaving(false)).toEqual({ asked: false, may: true })
  began()
  expect(await leaving(false)).toEqual({ asked: false, may: true })
  close()
})

test('what was typed is asked about until it is sent, taken back or gone', async () => {
  const { values, began, sent, close } = form()
  began()
  values.name = 'typed'
  expect(await leaving(false)).toEqual({ asked: true, may: false })
  values.name = ''
  expect((await leaving(false)).asked).toBe(false)
  values.name = 'again'
  sent()
  expect((await leaving(false)).asked).toBe(false)
  began()
  values.name = 'once more'
  close()
  expect((await leaving(false)).asked).toBe(false)
})

test('who says that it may go is not asked again on the same way', async () => {
  const { values, began, close } = form()
  began()
  values.name = 'typed'
  expect(await leaving(true)).toEqual({ asked: true, may: true })
  expect((await leaving(false)).asked).toBe(false)
  close()
})

test('a second way out takes the place of the first, and a project that is gone takes all', async () => {
  const { values, began, close } = form()
  began()
  values.name = 'typed'
  const [first, second] = [mayLeave(), mayLeave()]
  expect(await first).toBe(false)
  question.value?.(false)
  expect(await second).toBe(false)
  letGo()
  expect((await leaving(false)).asked).toBe(false)
  close()
})
