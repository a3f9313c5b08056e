// Pages learn what others do: one stream says that something changed, and only then is it read again.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'

/** Sooner than a list looks by itself where nothing is told: every 15 seconds from when it is there. */
const SOON = 8_000

const isStream = (request) => request.url().endsWith('/llm-ops/v1/changes')
const isList = (request) => request.url().includes('/llm-ops/v1/catalog/datasets?')

export function liveTests(platformOf) {
  test('a list learns at once what somebody else made, and asks for nothing else meanwhile', async () => {
    const platform = await platformOf()
    await visit(platform, { key: platform.key }, 'live', async (person) => {
      const { page } = person
      const [streams, asked] = [[], []]
      page.on('request', (request) => (isStream(request) ? streams : isList(request) ? asked : []).push(request))
      const opened = page.waitForResponse((response) => isStream(response.request()))
      await person.go('/catalog/datasets')
      await page.getByRole('table').getByRole('row').nth(1).waitFor()
      assert.equal((await opened).status(), 200)
      await platform.call('POST', '/catalog/datasets', { name: 'made-elsewhere', version: '1.0.0', type: 'other' })
      const told = page.getByRole('button', { name: '1 new' })
      await told.waitFor({ timeout: SOON })
      await told.click()
      await page.getByRole('link', { name: 'made-elsewhere' }).waitFor()
      assert.equal(streams.length, 1)
      const before = asked.length
      await page.waitForTimeout(16_000)
      assert.equal(asked.length, before, 'nothing changed, so nothing is asked')
    })
  })

  test('where nothing is told the list is asked for as before', async () => {
    const platform = await platformOf()
    await visit(platform, { key: platform.key }, 'live-none', async (person) => {
      const { page } = person
      person.expects(/status of 404/)
      await page.route('**/llm-ops/v1/changes', (route) => route.fulfill({ status: 404, contentType: 'application/json', body: '{"error":{"kind":"not_found","message":"no such operation"}}' }))
      await person.go('/catalog/datasets')
      await page.getByRole('table').getByRole('row').nth(1).waitFor()
      await platform.call('POST', '/catalog/datasets', { name: 'made-apart', version: '1.0.0', type: 'other' })
      await page.getByRole('button', { name: '1 new' }).waitFor({ timeout: 30_000 })
    })
  })
}
