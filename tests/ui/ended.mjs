// A session that ends under a page: what is on the page stays, and goes on for the same person only.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { press } from './work.mjs'

/** Ends the session as time does: nothing tells the page. */
const end = (person) => person.window.request.delete(`${person.platform.url}/llm-ops/v1/session`, { headers: { 'X-Requested-With': 'llmops' } })
const asked = (page) => page.getByRole('dialog', { name: 'Your session has ended' })
/** What is out of reach behind a dialog is there all the same. */
const written = (page) => page.locator('main input').evaluateAll((inputs) => inputs.map(({ value }) => value))

/** Fills half of the form of a model in. */
async function half(hand, person, name) {
  await person.go('/catalog/models/new')
  await hand.write(person.page, person.page.getByRole('textbox', { name: /^Name/ }), name)
}

async function enter(hand, page, key) {
  await hand.write(page, asked(page).getByLabel('API key'), key)
  await hand.press(page, asked(page).getByRole('button', { name: 'Sign in', exact: true }))
}

/** Fills in half a form, and sends it when the session has ended. */
async function sendTooLate(hand, person, name) {
  person.expects(/status of 401/)
  await half(hand, person, name)
  await end(person)
  await press(hand, person.page, 'button', 'Create model')
}

function formTests(platformOf, hand) {
  test(`with the ${hand.name}: a form is not lost when the session ends, and is sent once its person is back`, async () => {
    const platform = await platformOf()
    const name = `kept-${hand.name}`
    await visit(platform, { key: platform.key }, name, async (person) => {
      const { page } = person
      await sendTooLate(hand, person, name)
      const dialog = asked(page)
      await dialog.getByText('Sign in again as').waitFor()
      assert.ok(await dialog.getByLabel('API key').evaluate((field) => field === document.activeElement), 'what to do comes first')
      await person.picture(`session-ended-${hand.name}`)
      assert.deepEqual(await person.axe(), [])
      await page.keyboard.press('Escape')
      if (hand === mouse) await page.mouse.click(20, 500)
      assert.equal(await dialog.count(), 1, 'there is no way past it')
      assert.ok((await written(page)).includes(name))
      await enter(hand, page, 'not-a-key')
      await dialog.getByRole('alert').waitFor()
      await enter(hand, page, platform.key)
      await dialog.waitFor({ state: 'detached' })
      await page.getByRole('heading', { level: 1, name: `${name} 1.0.0` }).waitFor()
    })
    assert.equal((await platform.call('GET', `/catalog/models?name=${name}`)).length, 1)
  })

  test(`with the ${hand.name}: nothing of it is left for somebody else`, async () => {
    const platform = await platformOf()
    const [name, sam] = [`never-${hand.name}`, `sam-${hand.name}`]
    const key = await platform.keyFor(sam, ['researcher'])
    await visit(platform, { key: platform.key }, name, async (person) => {
      const { page } = person
      await sendTooLate(hand, person, name)
      await page.evaluate(() => (window.isOld = true))
      await enter(hand, page, key)
      await page.waitForFunction(() => !window.isOld)
      await page.getByRole('button', { name: new RegExp(`^.*${sam}`) }).waitFor()
      assert.ok(!(await written(page)).includes(name))
    })
    assert.equal((await platform.call('GET', `/catalog/models?name=${name}`)).length, 0)
  })
}

export function endedTests(platformOf) {
  for (const hand of [mouse, keyboard]) formTests(platformOf, hand)

  test('whose key is revoked is told at once, may leave for the sign-in page, and is back on all pages with a new one', async () => {
    const platform = await platformOf()
    const made = () => platform.call('POST', '/governance/keys', { name: 'looker', roles: ['viewer'] })
    const first = await made()
    await visit(platform, { key: first.secret }, 'ended-look', async (person) => {
      person.expects(/status of 401/)
      const { page } = person
      await person.go('/catalog/datasets?status=approved')
      await page.getByRole('link', { name: 'capitals', exact: true }).waitFor()
      const other = await person.newPage()
      await other.goto(`${platform.url}/catalog/models`)
      await other.getByRole('table', { name: 'Models' }).waitFor()
      await platform.call('DELETE', `/governance/keys/${first.key.id}`)
      const second = await made()
      for (const one of [page, other]) await asked(one).waitFor()
      await press(mouse, other, 'button', 'To the sign-in page')
      await other.waitForURL(/sign-in\?next=/)
      assert.equal(await other.getByText('quickstart-capitals').count(), 0)
      await mouse.write(other, other.getByLabel('API key'), second.secret)
      await press(mouse, other, 'button', 'Sign in')
      await other.getByRole('table', { name: 'Models' }).waitFor()
      await asked(page).waitFor({ state: 'detached' })
      await page.getByRole('link', { name: 'capitals', exact: true }).click()
      await page.getByRole('heading', { level: 1, name: /capitals/ }).waitFor()
    })
  })
}
