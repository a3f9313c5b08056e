// Models that go to another platform like this one: asked for on the model's page, refused, resumed, there; given up and asked for again.
import assert from 'node:assert/strict'
import { createServer, request } from 'node:http'
import test from 'node:test'
import { visit } from './browser.mjs'
import { mouse } from './hands.mjs'
import { IDLE, Platform, until } from './platform.mjs'
import { draft, press } from './work.mjs'

/** A door before a platform: `refusing` it takes no key, `away` it is not there, `slow` it takes no commit. */
async function doorOf(platform) {
  const state = { is: 'well' }
  const { hostname, port } = new URL(platform.url)
  const server = createServer({ keepAliveTimeout: IDLE }, (asked, answer) => {
    if (state.is === 'refusing') return answer.writeHead(403).end()
    if (state.is === 'away') return setTimeout(() => answer.writeHead(503).end(), 1500)
    if (state.is === 'slow' && asked.url.includes('/commit/')) return
    const through = request({ hostname, port, path: asked.url, method: asked.method, headers: asked.headers }, (said) => {
      answer.writeHead(said.statusCode, said.headers)
      said.pipe(answer)
    })
    through.on('error', () => answer.destroy())
    asked.pipe(through)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const end = () => (server.closeAllConnections(), server.close())
  return Object.assign(state, { host: `127.0.0.1:${server.address().port}`, url: `http://127.0.0.1:${server.address().port}`, end })
}

/** Two platforms, and a key of the second that the first may show there. */
async function withHub(work) {
  const hub = await new Platform().start()
  const door = await doorOf(hub)
  const platform = await new Platform(undefined, { LLMOPS_EGRESS_ALLOWED_HOSTS: `${door.host},${new URL(hub.url).host}` }).start()
  const { id: credentialId } = await platform.call('POST', '/governance/credentials', { name: 'hub-key', baseUrl: door.url, secret: hub.key })
  await work({ platform, hub, door, credentialId })
  door.end()
  await platform.end()
  await hub.end()
}

async function approved(platform, name) {
  const model = await draft(platform, name)
  await platform.call('PATCH', `/catalog/models/${model.id}/status`, { status: 'under_review' })
  const reviewer = await platform.keyFor(`reviewer-of-${name}`, ['reviewer'])
  return platform.call('POST', `/catalog/models/${model.id}/versions/1.0.0/approve`, { decision: 'approve' }, reviewer)
}

const field = (page, name) => page.getByRole('textbox', { name })

/** An export for pages to show: to a registry that is nowhere. */
export async function sentOf(platform) {
  const [there] = await platform.call('GET', '/catalog/exports')
  const [model] = await platform.call('GET', '/catalog/models?status=approved')
  return (there ?? (await platform.call('POST', `/catalog/models/${model.id}/export`, { repo: 'some/tiny', baseUrl: 'https://hub.invalid' }))).id
}

export function exportTests() {
  test('a model is exported from its page, resumed after a refusal, and is there', () => withHub(async ({ platform, hub, door }) => {
    const model = await approved(platform, 'tuned')
    await visit(platform, { key: platform.key }, 'export', async (person) => {
      const { page } = person
      await person.go(`/catalog/models/${model.id}`)
      await press(mouse, page, 'button', 'More actions')
      await press(mouse, page, 'menuitem', 'Export…')
      await page.waitForURL(/exports\/new\?modelId=/)
      await page.getByText('2 files, ').waitFor()
      await press(mouse, page, 'button', 'Export')
      await page.getByText('This is needed').waitFor()
      await field(page, /^Base URL/).fill(door.url)
      await mouse.choose(page, page.getByRole('combobox', { name: 'Credential' }), /^hub-key/)
      await field(page, /^Repository/).fill('default/sent')
      await field(page, /^Message/).fill('as approved')
      await page.getByRole('switch', { name: /^Remove other files/ }).click()
      await page.locator('aside').getByText('"prune": true').first().waitFor()
      await person.picture('export-form')
      assert.deepEqual(await person.axe(), [])
      door.is = 'refusing'
      await press(mouse, page, 'button', 'Export')
      await page.getByRole('alert').waitFor()
      await page.getByText('Failed', { exact: true }).waitFor()
      await person.picture('export-failed')
      assert.deepEqual(await person.axe(), [])
      door.is = 'well'
      await press(mouse, page, 'button', 'Resume')
      await page.getByText('Succeeded', { exact: true }).waitFor()
      await page.getByText('3 of 3 files').waitFor()
      const there = page.getByRole('link', { name: 'Open the repository' })
      assert.equal(await there.getAttribute('href'), `${door.url}/default/sent/tree/main`)
      await person.picture('export-went')
      assert.deepEqual(await person.axe(), [])
      await page.getByRole('link', { name: 'tuned 1.0.0' }).first().click()
      const sent = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Exported to' }) })
      await sent.getByText('Succeeded').waitFor()
      await person.picture('export-of-model')
      assert.deepEqual(await person.axe(), [])
      await page.getByRole('navigation').getByRole('link', { name: 'Exports' }).click()
      await page.getByRole('row').filter({ hasText: 'default/sent' }).getByText('Succeeded').waitFor()
      await person.picture('exports')
    })
    await visit(hub, { key: hub.key }, 'export-there', async (person) => {
      await person.go('/default/sent/tree/main')
      await person.page.getByRole('link', { name: 'sent', exact: true }).click()
      await person.page.getByRole('heading', { name: /^sent / }).waitFor()
    })
  }))

  test('what is in the way is said while it is tried again, and what was given up is asked for again', () => withHub(async ({ platform, door, credentialId }) => {
    const model = await approved(platform, 'tuned')
    door.is = 'away'
    const made = await platform.call('POST', `/catalog/models/${model.id}/export`, { repo: 'default/sent', baseUrl: door.url, credentialId })
    await visit(platform, { key: platform.key }, 'export-cancelled', async (person) => {
      const { page } = person
      await person.go(`/catalog/exports/${made.id}`)
      await page.getByText('It is tried again by itself').waitFor()
      await person.picture('export-delayed')
      assert.deepEqual(await person.axe(), [])
      door.is = 'slow'
      await page.getByText('It is tried again by itself').waitFor({ state: 'detached', timeout: 60_000 })
      await press(mouse, page, 'button', 'Cancel export')
      const dialog = page.getByRole('dialog', { name: 'Cancel the export to default/sent?' })
      await dialog.getByText('What was sent stays there').waitFor()
      await dialog.getByRole('button', { name: 'Cancel export' }).click()
      await page.getByText('Cancelled', { exact: true }).waitFor()
      await press(mouse, page, 'link', 'Export again')
      assert.deepEqual(await Promise.all([/^Repository/, /^Base URL/].map((name) => field(page, name).inputValue())), ['default/sent', door.url])
      await page.getByRole('combobox', { name: 'Credential' }).getByText('hub-key').waitFor()
    })
    await visit(platform, { key: await platform.keyFor('rosa', ['researcher']), width: 390, height: 844, theme: 'dark', language: 'ko' }, 'exports-narrow', async (person) => {
      const { page } = person
      const look = async (name) => {
        await person.picture(`exports-narrow-${name}`)
        assert.deepEqual(await person.axe(), [], name)
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, name)
      }
      await person.go('/catalog/exports')
      await page.getByRole('row').nth(1).waitFor()
      assert.equal(await page.getByRole('link', { name: '모델 내보내기' }).count(), 0)
      await look('list')
      await page.getByRole('link', { name: 'default/sent' }).click()
      await page.getByText('이미 보낸 것은 그곳에 남습니다').waitFor()
      assert.equal(await page.getByRole('link', { name: '다시 내보내기' }).count(), 0)
      await look('one')
      await person.go(`/catalog/models/${model.id}`)
      await page.getByRole('button', { name: '추가 작업' }).click()
      await page.getByRole('menuitem', { name: '파일 확인' }).waitFor()
      assert.equal(await page.getByRole('menuitem', { name: '내보내기…' }).count(), 0)
    })
    await visit(platform, { key: await platform.keyFor('ona', ['operator']), width: 390, height: 844, theme: 'dark', language: 'ko' }, 'export-narrow-form', async (person) => {
      await person.go(`/catalog/exports/new?modelId=${model.id}`)
      await person.page.getByText('파일 2개, ').waitFor()
      await person.picture('exports-narrow-form')
      assert.deepEqual(await person.axe(), [])
    })
    await until('it is given up', async () => (await platform.call('GET', `/catalog/exports/${made.id}`)).state === 'cancelled')
  }))
}
