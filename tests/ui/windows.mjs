// Several windows at once: what is done in one shows in the others, what two write at once is refused to the later without loss, and
// pages of one browser are signed out together.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Person, visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { draft, press } from './work.mjs'

const box = (page, name) => page.getByRole('textbox', { name })
/** A part of a card as it is read. */
const part = (page, text) => page.getByRole('tabpanel').getByText(text, { exact: true })

/** Marks a page; `stays` fails if it was loaded again since. */
const mark = (page) => page.evaluate(() => (window.stays = true))
const stays = async (page) => assert.ok(await page.evaluate(() => window.stays), 'the page was not loaded again')

/** Two windows of two people who look at the same. */
async function withTwo(platform, name, path, walk) {
  const keys = [await platform.keyFor(`ann-${name}`, ['researcher']), await platform.keyFor(`ben-${name}`, ['researcher'])]
  await visit(platform, { key: keys[0] }, `ann-${name}`, (ann) => visit(platform, { key: keys[1] }, `ben-${name}`, async (ben) => {
    for (const { page } of [ann, ben]) {
      await page.goto(platform.url + path)
      await page.getByRole('button', { name: 'Edit', exact: true }).waitFor()
      await mark(page)
    }
    await walk(ann, ben)
    for (const { page } of [ann, ben]) await stays(page)
  }))
}

/** Changes parts of the card in the editor that is open. */
async function writes(hand, { page }, parts) {
  await page.bringToFront()
  if (await page.getByRole('button', { name: 'Edit', exact: true }).count()) await press(hand, page, 'button', 'Edit')
  for (const [name, text] of Object.entries(parts)) await hand.write(page, box(page, new RegExp(`^${name}`)), text)
}

function cardTests(platformOf, hand) {
  test(`with the ${hand.name}: a card that one writes is read by another at once, and what both write is refused to the later without loss`, async () => {
    const platform = await platformOf()
    const name = `shared-${hand.name}`
    const { id } = await draft(platform, name)
    await withTwo(platform, name, `/catalog/models/${id}`, async (ann, ben) => {
      ben.expects(/status of 412/)
      await writes(hand, ann, { Purpose: 'what ann wants' })
      await press(hand, ann.page, 'button', 'Save')
      await part(ben.page, 'what ann wants').waitFor()

      await writes(hand, ben, { Purpose: 'what ben wants' })
      await writes(hand, ann, { Scope: 'as far as ann sees' })
      await press(hand, ann.page, 'button', 'Save')
      await part(ann.page, 'as far as ann sees').waitFor()
      assert.equal(await box(ben.page, /^Purpose/).inputValue(), 'what ben wants', 'what comes from elsewhere goes over no typing')
      await ben.page.bringToFront()
      await press(hand, ben.page, 'button', 'Save')
      const refusal = ben.page.getByRole('tabpanel').getByRole('alert')
      await refusal.waitFor()
      await ben.picture(`windows-refused-${hand.name}`)
      assert.match(await refusal.innerText(), /Somebody else saved this meanwhile/)
      assert.deepEqual(await ben.axe(), [])
      assert.equal(await box(ben.page, /^Purpose/).inputValue(), 'what ben wants')
      assert.equal((await platform.call('GET', `/catalog/models/${id}`)).metadata.purpose, 'what ann wants')
      await press(hand, ben.page, 'button', 'Keep what I wrote, and take the rest of the newer version')
      await ben.page.waitForFunction(() => [...document.querySelectorAll('textarea')].some(({ value }) => value === 'as far as ann sees'))
      assert.equal(await box(ben.page, /^Purpose/).inputValue(), 'what ben wants')
      await writes(hand, ben, { Purpose: 'what both want' })
      await press(hand, ben.page, 'button', 'Save')
      for (const { page } of [ann, ben]) for (const text of ['what both want', 'as far as ann sees']) await part(page, text).waitFor()
    })
  })
}

/** Another page of the same browser, at this address. */
async function beside(person, path) {
  const page = await person.newPage()
  await page.goto(person.platform.url + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await mark(page)
  return page
}

function pageTests(platformOf, hand) {
  test(`with the ${hand.name}: a model that is handed in on one page of a browser moves in the list on another`, async () => {
    const platform = await platformOf()
    const name = `moved-${hand.name}`
    const { id } = await draft(platform, name)
    await visit(platform, { key: platform.key }, name, async (person) => {
      const { page } = person
      await person.go(`/catalog/models/${id}`)
      const list = await beside(person, `/catalog/models?text=${name}`)
      const row = list.getByRole('row').filter({ hasText: name })
      await row.getByText('Draft', { exact: true }).waitFor()
      await page.bringToFront()
      await press(hand, page, 'button', 'Submit for review')
      await page.getByText('Under review', { exact: true }).first().waitFor()
      await list.bringToFront()
      await row.getByText('Under review', { exact: true }).waitFor({ timeout: 8_000 })
      await stays(list)
    })
  })

  test(`with the ${hand.name}: who signs out on one page is out on the others, and comes back to each`, async () => {
    const platform = await platformOf()
    const person = await Person.come(platform, {})
    person.expects(/status of 401/)
    const { page } = person
    await person.go('/catalog/models')
    await enter(hand, page, platform.key)
    await page.getByRole('table', { name: 'Models' }).waitFor()
    const other = await beside(person, '/catalog/datasets?status=approved')
    await other.getByRole('link', { name: 'capitals', exact: true }).waitFor()
    await signOut(hand, page)
    await other.waitForURL(/sign-in\?next=/)
    assert.equal(await other.getByText('capitals', { exact: true }).count(), 0, 'nothing of it is left to read')
    await stays(other)
    await enter(hand, other, platform.key)
    await other.waitForURL(/\/catalog\/datasets\?status=approved$/)
    await other.getByRole('link', { name: 'capitals', exact: true }).waitFor()
    await page.goto(`${platform.url}/catalog/models`)
    await page.getByRole('table', { name: 'Models' }).waitFor()
    assert.deepEqual(person.complaints, [])
    await person.leave()
  })
}

/** Opens the menu of who is signed in, and leaves. */
async function signOut(hand, page) {
  await page.bringToFront()
  await hand.press(page, page.getByRole('button', { name: /^administrator|Account/ }))
  await press(hand, page, 'menuitem', 'Sign out')
  await page.waitForURL(/sign-in/)
}

async function enter(hand, page, key) {
  await page.bringToFront()
  await hand.write(page, page.getByLabel('API key'), key)
  await press(hand, page, 'button', 'Sign in')
}

function nextTest(platformOf) {
  test('what one person saw on a page is not shown to the next who signs in on another', async () => {
    const platform = await platformOf()
    const { id } = await draft(platform, 'seen-before')
    const key = await platform.keyFor('sam', ['service'])
    await visit(platform, { key: platform.key }, 'next-person', async (person) => {
      person.expects(/status of 40[13]/)
      const { page } = person
      await person.go(`/catalog/models/${id}`)
      await page.getByText('CC0-1.0').waitFor()
      const other = await beside(person, '/catalog/models')
      await signOut(mouse, other)
      await page.waitForURL(/sign-in/)
      await enter(mouse, other, key)
      await other.waitForURL((url) => url.pathname === '/')
      await page.bringToFront()
      await page.goBack()
      await page.getByRole('alert').waitFor()
      assert.equal(await page.getByText('CC0-1.0').count(), 0)
      await stays(other)
    })
  })
}

export function windowTests(platformOf) {
  nextTest(platformOf)
  for (const hand of [mouse, keyboard]) {
    cardTests(platformOf, hand)
    pageTests(platformOf, hand)
  }
}
