// Two ways to use a page. Whatever a journey does it does through one of them, so that each is walked with both.
const AT_MOST = 200

export const mouse = {
  name: 'mouse',
  press: (page, target) => target.click(),
  async write(page, target, text) {
    await target.click()
    await type(page, text)
  },
  async choose(page, target, option) {
    await target.click()
    await page.getByRole('option', { name: option }).click()
  },
}

/** Reaches everything with Tab and the arrows, and never touches the mouse. */
export const keyboard = {
  name: 'keyboard',
  async press(page, target) {
    await reach(page, target)
    const role = await target.evaluate((element) => element.getAttribute('role') ?? element.tagName)
    await page.keyboard.press(/^(radio|checkbox|switch|INPUT)$/i.test(role) ? 'Space' : 'Enter')
  },
  async write(page, target, text) {
    await reach(page, target)
    await type(page, text)
  },
  async choose(page, target, option) {
    await reach(page, target)
    if ((await page.getByRole('listbox').count()) === 0) await page.keyboard.press('ArrowDown')
    await keyboard.press(page, page.getByRole('option', { name: option }))
  },
}

async function type(page, text) {
  await page.keyboard.press('Control+A')
  await page.keyboard.type(text)
}

/** What is one stop of Tab, and in which the arrows move on. */
const GROUPS = { tab: '[role=tablist]', radio: '[role=radiogroup]', menuitem: '[role=menu]', option: '[role=listbox]' }

async function reach(page, target) {
  await target.waitFor()
  const role = await target.evaluate((element) => element.getAttribute('role'))
  const isHere = () => target.evaluate((element) => element === document.activeElement || 'highlighted' in element.dataset)
  const group = GROUPS[role]
  if (group) {
    const isIn = () => target.evaluate((element, group) => element.closest(group)?.contains(document.activeElement) || 'option' === element.role || 'menuitem' === element.role, group)
    await repeat(page, ['Tab'], isIn)
    // A list may end at its last line instead of beginning anew.
    const on = role === 'tab' || role === 'radio' ? ['ArrowRight'] : ['ArrowDown', 'ArrowUp']
    await repeat(page, on, isHere)
  } else await repeat(page, ['Tab'], isHere)
}

async function repeat(page, keys, done) {
  for (const key of keys) {
    for (let times = 0; times < AT_MOST / keys.length; times += 1) {
      if (await done()) return
      await page.keyboard.press(key)
    }
  }
  const focus = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200))
  throw new Error(`${keys} does not lead there; the focus ended at ${focus}`)
}
