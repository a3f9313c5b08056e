// Pages learn what others do: one stream says that something changed, and only then is it read again.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { Platform, rest, until } from './platform.mjs'

/** Sooner than a list looks by itself where nothing is told: every 15 seconds from when it is there. */
const SOON = 8_000

const isStream = (request) => request.url().endsWith('/llm-ops/v1/changes')
const isList = (request) => request.url().includes('/llm-ops/v1/catalog/datasets?')

/** Of a project where nothing else goes on: what earlier journeys left running would be told too. */
async function quiet(platform, name) {
  const key = await platform.keyIn(name, ['admin'])
  const make = (name) => platform.call('POST', '/catalog/datasets', { name, version: '1.0.0', type: 'other' }, key)
  await make('made-before')
  return { key, make }
}

/** Lets a request go on its way after a while only. */
const late = (ms) => (route) => rest(ms).then(() => route.continue())

export function liveTests(platformOf) {
  test('a list learns at once what somebody else made, and asks for nothing else meanwhile', async () => {
    const platform = await platformOf()
    const { key, make } = await quiet(platform, 'quiet')
    await visit(platform, { key }, 'live', async (person) => {
      const { page } = person
      const [streams, asked] = [[], []]
      page.on('request', (request) => (isStream(request) ? streams : isList(request) ? asked : []).push(request))
      const opened = page.waitForResponse((response) => isStream(response.request()))
      await person.go('/catalog/datasets')
      await page.getByRole('table').getByRole('row').nth(1).waitFor()
      assert.equal((await opened).status(), 200)
      await make('made-elsewhere')
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

  test('what somebody else removes is gone from a list at once', async () => {
    const platform = await platformOf()
    const { key, make } = await quiet(platform, 'cleared')
    const { id } = await make('removed-elsewhere')
    await visit(platform, { key }, 'live-removed', async (person) => {
      const { page } = person
      const opened = page.waitForResponse((response) => isStream(response.request()))
      await person.go('/catalog/datasets')
      const row = page.getByRole('row').filter({ hasText: 'removed-elsewhere' })
      await row.waitFor()
      await opened
      await page.evaluate(() => (window.stays = true))
      await platform.call('DELETE', `/catalog/datasets/${id}`, undefined, key)
      await row.waitFor({ state: 'detached', timeout: SOON })
      await page.getByRole('link', { name: 'made-before' }).waitFor()
      assert.ok(await page.evaluate(() => window.stays), 'the page was not loaded again')
    })
  })

  test('a list that comes slowly learns by the stream as well', async () => {
    const platform = await platformOf()
    const { key, make } = await quiet(platform, 'slow')
    await visit(platform, { key }, 'live-slow', async (person) => {
      const { page } = person
      await page.route('**/llm-ops/v1/catalog/datasets?*', late(700))
      const opened = page.waitForResponse((response) => isStream(response.request()), { timeout: SOON })
      await person.go('/catalog/datasets')
      await page.getByRole('link', { name: 'made-before' }).waitFor()
      await opened
      await make('made-meanwhile')
      await page.getByRole('button', { name: '1 new' }).waitFor({ timeout: SOON })
    })
  })

  test('what changes while the stream is on its way is not missed', async () => {
    const platform = await platformOf()
    const { key, make } = await quiet(platform, 'early')
    const { id } = await make('removed-early')
    await visit(platform, { key }, 'live-early', async (person) => {
      const { page } = person
      await page.route('**/llm-ops/v1/changes', late(3_000))
      await page.route('**/llm-ops/v1/catalog/datasets?*', late(700))
      let read = 0
      page.on('response', (response) => (read += isList(response.request()) ? 1 : 0))
      await person.go('/catalog/datasets')
      const row = page.getByRole('row').filter({ hasText: 'removed-early' })
      await row.waitFor()
      await until('the list was looked at', () => read === 2)
      await platform.call('DELETE', `/catalog/datasets/${id}`, undefined, key)
      await row.waitFor({ state: 'detached', timeout: SOON })
    })
  })

  test('a list under which the server was killed learns by a new stream when it is back', async () => {
    const platform = await new Platform().start()
    const make = (name) => platform.call('POST', '/catalog/datasets', { name, version: '1.0.0', type: 'other' })
    await make('made-before')
    await visit(platform, { key: platform.key }, 'live-restart', async (person) => {
      const { page } = person
      person.expects(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_NETWORK|Failed to load resource/)
      const opened = () => page.waitForResponse((response) => isStream(response.request()) && response.status() === 200, { timeout: 30_000 })
      const first = opened()
      await person.go('/catalog/datasets')
      await page.getByRole('link', { name: 'made-before' }).waitFor()
      await first
      await platform.end('SIGKILL')
      await page.getByRole('status').filter({ hasText: 'Connection lost, trying again…' }).waitFor()
      await page.getByRole('link', { name: 'made-before' }).waitFor()
      await person.picture('live-lost')
      assert.deepEqual(await person.axe(), [])
      const second = opened()
      await platform.start()
      await page.getByText('Connected again. What you see is up to date.').waitFor()
      await second
      await make('made-since')
      await page.getByRole('button', { name: '1 new' }).waitFor({ timeout: SOON })
    })
    await platform.end()
  })

  test('where nothing is told the list is asked for as before', async () => {
    const platform = await platformOf()
    const { key, make } = await quiet(platform, 'untold')
    await visit(platform, { key }, 'live-none', async (person) => {
      const { page } = person
      person.expects(/status of 404/)
      await page.route('**/llm-ops/v1/changes', (route) => route.fulfill({ status: 404, contentType: 'application/json', body: '{"error":{"kind":"not_found","message":"no such operation"}}' }))
      await person.go('/catalog/datasets')
      await page.getByRole('table').getByRole('row').nth(1).waitFor()
      await make('made-apart')
      await page.getByRole('button', { name: '1 new' }).waitFor({ timeout: 30_000 })
    })
  })
}
