// Keys of the API: made, shown once, used, revoked.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { press } from './work.mjs'

/** The answer's status to who asks with this key. */
const statusOf = async (platform, key) => (await fetch(`${platform.url}/llm-ops/v1/catalog/models`, { headers: { Authorization: `Bearer ${key}` } })).status

export function keyTests(platformOf) {
  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: a key is made, shown once, and refused once it is revoked`, async () => {
      const platform = await platformOf()
      const name = `loader-${hand.name}`
      await visit(platform, { key: platform.key }, `key-${hand.name}`, async (person) => {
        const { page } = person
        await person.go('/admin/keys')
        await press(hand, page, 'link', 'New API key')
        await press(hand, page, 'button', 'Create the key')
        await page.getByText('Choose at least one role').waitFor()
        await hand.write(page, page.getByRole('textbox', { name: /^Name/ }), name)
        await hand.choose(page, page.getByRole('combobox', { name: 'Ends' }), 'In 7 days')
        await press(hand, page, 'checkbox', 'Viewer')
        await press(hand, page, 'button', 'Create the key')

        const shown = page.getByRole('dialog', { name: `The key ${name} is made` })
        const [secret] = /llo_\S+/.exec(await shown.innerText())
        await shown.getByText(`export LLMOPS_API_KEY=${secret}`).waitFor()
        await person.picture(`key-made-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await person.window.grantPermissions(['clipboard-read', 'clipboard-write'])
        for (const [what, text] of [['Secret', secret], ['For a shell', `export LLMOPS_API_KEY=${secret}`]]) {
          await hand.press(page, shown.getByRole('button', { name: `Copy: ${what}`, exact: true }))
          await shown.getByRole('button', { name: 'Copied', exact: true }).waitFor()
          assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text)
          await shown.getByRole('button', { name: 'Copied', exact: true }).waitFor({ state: 'detached' })
        }
        assert.equal(await statusOf(platform, secret), 200)
        await hand.press(page, shown.getByRole('button', { name: 'I have copied it' }))
        await page.waitForURL(/\/admin\/keys$/)
        const row = page.getByRole('row').filter({ hasText: name })
        await row.getByText('Active', { exact: true }).waitFor()
        await row.getByText(/^in [67] days$/).waitFor()
        const held = await page.evaluate(() => document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage }))
        assert.ok(!held.includes(secret), 'the secret is kept nowhere')

        await hand.press(page, row.getByRole('button', { name: 'Revoke' }))
        const asked = page.getByRole('dialog', { name: `Revoke the key ${name}?` })
        await asked.getByText(`Whoever uses ${secret.slice(0, 8)}`).waitFor()
        await person.picture(`key-revoked-${hand.name}`)
        await hand.press(page, asked.getByRole('button', { name: 'Cancel' }))
        await asked.waitFor({ state: 'detached' })
        assert.equal(await statusOf(platform, secret), 200)
        await hand.press(page, row.getByRole('button', { name: 'Revoke' }))
        await hand.press(page, asked.getByRole('button', { name: 'Revoke' }))
        await page.getByText(`The key ${name} was revoked.`).waitFor()
        await row.getByText('Revoked', { exact: true }).waitFor()
        assert.equal(await row.getByRole('button', { name: 'Revoke' }).count(), 0)
        assert.equal(await statusOf(platform, secret), 401)

        await press(hand, page, 'link', name)
        await page.getByRole('heading', { level: 1, name: 'Audit log' }).waitFor()
        assert.match(page.url(), new RegExp(`actor=${name}`))
      })
    })
  }
}
