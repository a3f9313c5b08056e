// Models that somebody else runs: made, tried, given another key, and left without one. What was typed as a key is nowhere afterwards.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { IDLE, Platform } from './platform.mjs'
import { press } from './work.mjs'

const [OLD, NEW] = ['sk-old-7Hq2mZ4tW8cN1vB6', 'sk-new-9Xw5kB3rJ7dF2pL0']
const OFFERED = ['wise-1', 'wise-2', ...Array.from({ length: 200 }, (_, n) => `plain-${n}`)]

/** Somebody's server in the dialect of OpenAI, which takes the new key only. `keys` is what it was shown. */
async function provider() {
  const keys = []
  const server = createServer({ keepAliveTimeout: IDLE }, (request, answer) => {
    keys.push(request.headers.authorization?.replace('Bearer ', ''))
    const taken = keys.at(-1) === NEW
    answer.writeHead(taken ? 200 : 401, { 'Content-Type': 'application/json' })
    answer.end(JSON.stringify(taken ? { data: OFFERED.map((id) => ({ id })) } : { error: { message: 'no such key' } }))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const host = `127.0.0.1:${server.address().port}`
  return { keys, host, url: `http://${host}/v1`, end: () => server.close() }
}

/** Fails if the page, its address or what the browser keeps for it holds a key. */
async function holdsNoKey(page) {
  const held = await page.evaluate(() => {
    const typed = [...document.querySelectorAll('input, textarea')].map(({ value }) => value)
    return [document.documentElement.outerHTML, location.href, ...typed, JSON.stringify({ ...localStorage, ...sessionStorage })].join('\n')
  })
  for (const key of [OLD, NEW]) assert.ok(!held.includes(key), `the page holds ${key}`)
}

export function externalTests() {
  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: a model that somebody else runs is made, tried, given another key, and left without`, async () => {
      const there = await provider()
      const platform = await new Platform(undefined, { LLMOPS_EGRESS_ALLOWED_HOSTS: there.host }).start()
      await visit(platform, { key: platform.key }, `external-${hand.name}`, async (person) => {
        const { page } = person
        person.expects(/status of 403/)
        await person.go('/catalog/models/new')
        await hand.write(page, page.getByRole('textbox', { name: /^Name/ }), 'wise')
        await hand.choose(page, page.getByRole('combobox', { name: 'Type' }), 'External')
        await hand.choose(page, page.getByRole('combobox', { name: 'Provider' }), 'OpenAI-compatible')
        await hand.write(page, page.getByRole('textbox', { name: /^Model there/ }), 'wise-1')
        await press(hand, page, 'button', 'Create model')
        await page.getByText('This is needed').waitFor()
        const address = page.getByRole('textbox', { name: /^Base URL/ })
        await hand.write(page, address, 'http://10.0.0.1/v1')
        await hand.write(page, page.getByLabel(/^API key/), OLD)
        await press(hand, page, 'button', 'Create model')
        await page.locator('p', { hasText: 'ask an administrator to add 10.0.0.1:80' }).first().waitFor()
        assert.equal(await address.getAttribute('aria-invalid'), 'true')
        assert.ok(!(await page.locator('aside').allInnerTexts()).join().includes(OLD), 'the same call as code says no key')
        await person.picture(`external-refused-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await hand.write(page, address, there.url)
        await press(hand, page, 'button', 'Create model')
        await page.waitForURL(/tab=provider/)
        await page.getByText('ends with').waitFor()
        await holdsNoKey(page)
        assert.equal(await page.getByRole('tab', { name: 'Files' }).count(), 0)

        await press(hand, page, 'button', 'Test the connection')
        await page.getByRole('alert').waitFor()
        assert.match(await page.getByRole('alert').innerText(), /401|key/)
        await press(hand, page, 'button', 'Change')
        const dialog = page.getByRole('dialog', { name: 'Change the connection' })
        await hand.write(page, dialog.getByRole('textbox', { name: /^Base URL/ }), 'https://elsewhere.example/v1')
        await dialog.getByText('With this change the stored key is cleared.').waitFor()
        await hand.write(page, dialog.getByRole('textbox', { name: /^Base URL/ }), there.url)
        await hand.choose(page, dialog.getByRole('combobox', { name: 'Which key' }), 'A key typed here')
        await hand.write(page, dialog.getByLabel(/^API key/), NEW)
        await person.picture(`external-change-${hand.name}`)
        await hand.press(page, dialog.getByRole('button', { name: 'Save' }))
        await dialog.waitFor({ state: 'detached' })
        await press(hand, page, 'button', 'Test the connection')
        await page.getByText('Offers the model', { exact: true }).first().waitFor()
        assert.deepEqual(there.keys, [OLD, NEW])
        await page.getByText('100 of 202').waitFor()
        await hand.write(page, page.getByRole('searchbox', { name: 'Find a model' }), 'wise')
        await page.getByText('2 of 202').waitFor()
        await holdsNoKey(page)
        await person.picture(`external-tested-${hand.name}`)
        assert.deepEqual(await person.axe(), [])

        await press(hand, page, 'link', 'wise 1.0.0')
        const row = page.getByRole('row').filter({ hasText: 'wise 1.0.0' })
        await row.getByText(`…${NEW.slice(-4)}`).waitFor()
        await hand.press(page, row.getByRole('button', { name: 'Delete' }))
        const asked = page.getByRole('dialog', { name: 'Delete the credential wise 1.0.0?' })
        await asked.getByText('One model uses it').waitFor()
        await hand.press(page, asked.getByRole('button', { name: 'Delete' }))
        await page.getByText('No credentials').waitFor()
        await holdsNoKey(page)
        await page.goBack()
        await page.getByText('Deleted', { exact: true }).waitFor()
      })
      await platform.end()
      there.end()
    })
  }

  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: a credential serves the models of its server, and outlives a new master key`, () => serves(hand))
  }
}

/** A credential is stored, sealed anew, used, and seen by nobody. */
async function serves(hand) {
  const there = await provider()
  const platform = await new Platform(undefined, { LLMOPS_EGRESS_ALLOWED_HOSTS: there.host }).start()
  await visit(platform, { key: platform.key }, `credentials-${hand.name}`, async (person) => {
    const { page } = person
    await person.go('/admin/credentials')
    await hand.press(page, page.getByRole('button', { name: 'New credential' }).first())
    const dialog = page.getByRole('dialog', { name: 'New credential' })
    await hand.press(page, dialog.getByRole('button', { name: 'Store' }))
    await dialog.getByText('This is needed').first().waitFor()
    await hand.write(page, dialog.getByRole('textbox', { name: /^Name/ }), 'shared')
    await hand.write(page, dialog.getByRole('textbox', { name: /^Address/ }), there.url)
    await hand.write(page, dialog.getByLabel(/^Secret/), NEW)
    await person.picture(`credential-form-${hand.name}`)
    assert.deepEqual(await person.axe(), [])
    await hand.press(page, dialog.getByRole('button', { name: 'Store' }))
    await page.getByRole('row').filter({ hasText: 'shared' }).getByText(`…${NEW.slice(-4)}`).waitFor()
    await holdsNoKey(page)
    await press(hand, page, 'button', 'Rotate the master key')
    await hand.press(page, page.getByRole('dialog').getByRole('button', { name: 'Rotate the master key' }))
    await page.getByRole('dialog', { name: 'The master key is rotated' }).getByText('Sealed anew').waitFor()
    assert.deepEqual(await person.axe(), [])
    await hand.press(page, page.getByRole('dialog').getByRole('button', { name: 'Close' }).last())

    await person.go('/catalog/models/new')
    await hand.write(page, page.getByRole('textbox', { name: /^Name/ }), 'wise')
    await hand.choose(page, page.getByRole('combobox', { name: 'Type' }), 'External')
    await hand.choose(page, page.getByRole('combobox', { name: 'Provider' }), 'OpenAI-compatible')
    await hand.write(page, page.getByRole('textbox', { name: /^Model there/ }), 'wise-3')
    await hand.write(page, page.getByRole('textbox', { name: /^Base URL/ }), there.url)
    await hand.choose(page, page.getByRole('combobox', { name: 'Which key' }), /^shared/)
    await press(hand, page, 'button', 'Create model')
    await press(hand, page, 'button', 'Test the connection')
    await page.getByText('wise-3 is not among the models').waitFor()
    assert.deepEqual(there.keys, [NEW])
  })
  const researcher = await platform.keyFor('rosa', ['researcher'])
  await visit(platform, { key: researcher }, 'credentials-hidden', async (person) => {
    const { page } = person
    await person.go('/catalog/models')
    await page.getByRole('link', { name: 'wise' }).click()
    await page.getByText('Stored', { exact: true }).waitFor()
    assert.equal(await page.getByRole('link', { name: 'Credentials' }).count(), 0)
  })
  await platform.end()
  there.end()
}
