// Models of another registry: looked for, taken over, resumed after the registry lied, asked whether they changed.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { IDLE, Platform, until } from './platform.mjs'
import { press } from './work.mjs'

const KEY = 'hf_7Hq2mZ4tW8cN1vB6'
const CARD = { purpose: 'p', scope: 's', contact: 'c', license: 'Apache-2.0' }
const HEADER = JSON.stringify({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } })
const TENSORS = Buffer.concat([Buffer.from([HEADER.length, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(HEADER), Buffer.from([0, 0, 128, 63])])
const FILES = {
  'config.json': Buffer.from('{"model_type":"qwen2","architectures":["Qwen2ForCausalLM"]}'),
  'README.md': Buffer.from('---\nlicense: apache-2.0\n---\n# Tiny\n'),
  'model.safetensors': TENSORS,
  'pytorch_model.bin': Buffer.from('pickled'),
  'logo.png': Buffer.from('picture'),
}
const [FIRST, SECOND] = ['a'.repeat(40), 'b'.repeat(40)]
const git = (bytes) => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

/** A small hub with one repository. `lying` it sends other weights than it said; `away` it says so after a while, `slow` it sends no weights. */
async function hub() {
  const state = { commit: FIRST, is: 'well', keys: new Set() }
  const known = (path, bytes) => {
    const isLarge = path.endsWith('.safetensors') || path.endsWith('.bin')
    return { type: 'file', path, size: bytes.length, oid: git(bytes), ...(isLarge && { lfs: { oid: sha256(bytes), size: bytes.length } }) }
  }
  const listed = (id) => ({ id, pipeline_tag: 'text-generation', downloads: 12_345, gated: id.endsWith('large') && 'manual', lastModified: '2026-05-04T03:02:01.000Z' })
  const answers = [
    [/^\/api\/models$/, (_, url) => ['some/tiny', 'some/tiny-large', 'other/plain'].filter((id) => id.includes(url.searchParams.get('search'))).map(listed)],
    [/^\/api\/models\/some\/tiny\/revision\/main$/, () => ({ sha: state.commit, cardData: { license: 'apache-2.0' } })],
    [/^\/api\/models\/some\/tiny\/tree\/\w+$/, () => Object.entries(FILES).map(([path, bytes]) => known(path, bytes))],
    [/^\/some\/tiny\/resolve\/\w+\/(.+)$/, ([, path]) => (state.is === 'lying' && path.endsWith('.safetensors') ? Buffer.from(FILES[path]).fill(1, FILES[path].length - 1) : FILES[path])],
  ]
  const server = createServer({ keepAliveTimeout: IDLE }, async (request, answer) => {
    const url = new URL(request.url, 'http://hub')
    state.keys.add(request.headers.authorization)
    if (state.is === 'away') return setTimeout(() => answer.writeHead(503).end(), 1500)
    if (state.is === 'slow' && url.pathname.endsWith('.safetensors')) return
    for (const [path, say] of answers) {
      const said = path.test(url.pathname) && say(path.exec(url.pathname), url)
      if (Buffer.isBuffer(said)) return answer.writeHead(200, { 'Content-Length': said.length }).end(said)
      if (said) return answer.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(said))
    }
    answer.writeHead(404).end()
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const end = () => (server.closeAllConnections(), server.close())
  return Object.assign(state, { host: `127.0.0.1:${server.address().port}`, url: `http://127.0.0.1:${server.address().port}`, end })
}

async function withHub(work) {
  const there = await hub()
  const platform = await new Platform(undefined, { LLMOPS_EGRESS_ALLOWED_HOSTS: there.host }).start()
  await work(platform, there)
  there.end()
  await platform.end()
}

const field = (page, name) => page.getByRole('textbox', { name })
const begin = (platform, there, name) => platform.call('POST', '/catalog/models/import', { repo: 'some/tiny', baseUrl: there.url, name })
const importOf = (platform, id) => platform.call('GET', `/catalog/imports/${id}`)

/** An import for pages to show: of a registry that is nowhere. */
export async function farOf(platform) {
  const [there] = await platform.call('GET', '/catalog/imports')
  return (there ?? (await platform.call('POST', '/catalog/models/import', { repo: 'some/tiny', baseUrl: 'https://hub.invalid', name: 'far' }))).id
}

export function importTests() {
  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: a model is looked for in a registry, and comes`, () => withHub(async (platform, there) => {
      await platform.call('POST', '/governance/credentials', { name: 'hub-key', baseUrl: there.url, secret: KEY })
      await visit(platform, { key: platform.key }, `import-${hand.name}`, async (person) => {
        const { page } = person
        person.expects(/status of 4(00|03|22)/)
        await person.go('/catalog/models')
        await hand.press(page, page.getByRole('link', { name: 'Import', exact: true }).first())
        await press(hand, page, 'button', 'Import')
        await page.getByText('This is needed').waitFor()
        await hand.press(page, page.locator('summary', { hasText: 'Another registry' }))
        await hand.write(page, field(page, /^Base URL/), 'http://10.0.0.1')
        await hand.write(page, field(page, /^Repository/), 'some/tiny')
        await press(hand, page, 'button', 'Import')
        await page.locator('p', { hasText: 'ask an administrator to add 10.0.0.1:80' }).first().waitFor()
        assert.equal(await field(page, /^Base URL/).getAttribute('aria-invalid'), 'true')
        const search = page.getByRole('searchbox', { name: 'Find a model' })
        await hand.write(page, search, 'tin')
        await page.getByText('The registry could not be asked').waitFor()
        await person.picture(`import-refused-${hand.name}`)
        assert.deepEqual(await person.axe(), [])

        await hand.write(page, field(page, /^Repository/), '')
        await page.keyboard.press('Delete')
        await hand.write(page, field(page, /^Base URL/), there.url)
        await page.getByRole('button', { name: /^some\/tiny-large Gated/ }).waitFor()
        assert.ok(!there.keys.has(`Bearer ${KEY}`))
        await hand.choose(page, page.getByRole('combobox', { name: 'Credential' }), /^hub-key/)
        await hand.press(page, page.getByRole('button', { name: /^some\/tiny text-generation 12,345 downloads/ }))
        assert.equal(await field(page, /^Repository/).inputValue(), 'some/tiny')
        await page.locator('aside').getByText('"repo": "some/tiny"').first().waitFor()
        await hand.write(page, field(page, /^Team/), 'science')
        await person.picture(`import-form-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await press(hand, page, 'button', 'Import')
        await page.getByText('Succeeded', { exact: true }).waitFor()
        await page.getByText('3 of 3 files').waitFor()
        assert.ok(there.keys.has(`Bearer ${KEY}`))
        const skipped = page.getByRole('list', { name: '2 files left out' })
        assert.match(await skipped.innerText(), /pytorch_model\.bin\s+loading it may run code[^]*logo\.png\s+models hold no files of this kind/)
        await person.picture(`import-came-${hand.name}`)
        assert.deepEqual(await person.axe(), [])

        await press(hand, page, 'link', 'Open the model')
        await page.getByRole('heading', { name: 'tiny 1.0.0' }).waitFor()
        const facts = page.getByRole('complementary', { name: 'Facts' })
        assert.match(await facts.innerText(), /qwen[^]*science/)
        await press(hand, page, 'button', 'Check for updates')
        await page.getByText('Unchanged: main still means this commit.').waitFor()
        there.is = 'away'
        await press(hand, page, 'button', 'Check for updates')
        await page.getByText('The registry could not be asked: the registry answers with status 503').waitFor()
        Object.assign(there, { is: 'well', commit: SECOND })
        await press(hand, page, 'button', 'Check for updates')
        await page.getByText('main means a newer commit by now').waitFor()
        await person.picture(`import-newer-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await press(hand, page, 'link', 'Import it')
        await page.waitForURL(/imports\/new\?/)
        assert.deepEqual(await Promise.all([/^Repository/, /^Name/, /^Base URL/].map((name) => field(page, name).inputValue())), ['some/tiny', 'tiny', there.url])
        await press(hand, page, 'button', 'Import')
        await page.getByRole('link', { name: 'tiny 1.0.1' }).waitFor()
        await hand.press(page, page.getByRole('navigation').getByRole('link', { name: 'Imports' }))
        await page.getByRole('row').filter({ hasText: 'tiny 1.0.1' }).getByText('Succeeded').waitFor()
        await hand.choose(page, page.getByRole('combobox', { name: 'State' }), 'Failed')
        await page.waitForURL(/state=failed/)
        await page.getByText('Nothing matches these filters').waitFor()
      })
    }))

    test(`with the ${hand.name}: an import that was lied to is resumed, and its draft waits with the review`, () => withHub(async (platform, there) => {
      there.is = 'lying'
      const made = await begin(platform, there)
      await visit(platform, { key: platform.key }, `import-mended-${hand.name}`, async (person) => {
        const { page } = person
        person.expects(/status of 409/)
        await person.go('/catalog/imports')
        await page.getByRole('row').filter({ hasText: 'some/tiny' }).getByText('Failed').waitFor()
        await person.picture(`imports-${hand.name}`)
        await press(hand, page, 'link', 'some/tiny')
        await page.getByRole('alert').waitFor()
        await page.getByText('2 of 3 files').waitFor()
        await person.picture(`import-failed-${hand.name}`)
        assert.deepEqual(await person.axe(), [])

        const { modelId } = await importOf(platform, made.id)
        await platform.call('PATCH', `/catalog/models/${modelId}`, { metadata: CARD })
        await press(hand, page, 'link', 'tiny 1.0.0')
        await page.getByText('Its import failed, and files are missing.').waitFor()
        await press(hand, page, 'button', 'Submit for review')
        await page.getByRole('alert').getByText('the import of some/tiny is failed').waitFor()
        await person.picture(`import-unfinished-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await hand.press(page, page.getByRole('alert').getByRole('link', { name: 'See the import' }))
        await page.waitForURL(new RegExp(`imports/${made.id}`))
        there.is = 'well'
        await press(hand, page, 'button', 'Resume')
        await page.getByText('Succeeded', { exact: true }).waitFor()
        await press(hand, page, 'link', 'Open the model')
        await press(hand, page, 'button', 'Submit for review')
        await page.getByText('Under review', { exact: true }).waitFor()
      })
    }))

    test(`with the ${hand.name}: what is in the way is said while it is tried again, and a cancelled import leaves its draft`, () => withHub(async (platform, there) => {
      there.is = 'away'
      const made = await begin(platform, there, 'slow')
      await visit(platform, { key: platform.key }, `import-cancelled-${hand.name}`, async (person) => {
        const { page } = person
        await person.go(`/catalog/imports/${made.id}`)
        await page.getByText('the registry answers with status 503').waitFor()
        await page.getByText('It is tried again by itself').waitFor()
        await person.picture(`import-delayed-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        there.is = 'slow'
        await page.getByText('2 of 3 files').waitFor({ timeout: 60_000 })
        await person.picture(`import-running-${hand.name}`)
        await press(hand, page, 'button', 'Cancel import')
        const dialog = page.getByRole('dialog', { name: 'Cancel the import of some/tiny?' })
        await dialog.getByText('The files that came stay with the draft').waitFor()
        await hand.press(page, dialog.getByRole('button', { name: 'Cancel import' }))
        await page.getByText('Cancelled', { exact: true }).waitFor()
        await press(hand, page, 'link', 'Import again')
        assert.equal(await field(page, /^Name/).inputValue(), 'slow')
      })
    }))
  }

  test('the pages of imports are well on a phone, in Korean and in the dark', () => withHub(async (platform, there) => {
    const came = await begin(platform, there, 'came')
    await until('it came', async () => (await importOf(platform, came.id)).state === 'succeeded')
    there.is = 'slow'
    const coming = await begin(platform, there, 'coming')
    await until('it comes', async () => (await importOf(platform, coming.id)).receivedFiles === 2)
    await visit(platform, { key: platform.key, width: 390, height: 844, theme: 'dark', language: 'ko' }, 'imports-narrow', async (person) => {
      const { page } = person
      const look = async (name) => {
        await person.picture(`imports-narrow-${name}`)
        assert.deepEqual(await person.axe(), [], name)
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, name)
      }
      await person.go('/catalog/imports')
      await page.getByRole('row').nth(2).waitFor()
      await look('list')
      await person.go(`/catalog/imports/new?baseUrl=${encodeURIComponent(there.url)}`)
      await page.getByRole('searchbox').fill('tiny')
      await page.getByRole('button', { name: /tiny-large/ }).click()
      await page.locator('summary').first().click()
      await look('form')
      await person.go(`/catalog/imports/${coming.id}`)
      await page.getByText('파일 3개 중 2개').waitFor()
      await look('coming')
      await person.go(`/catalog/models/${(await importOf(platform, coming.id)).modelId}`)
      await page.getByText('레지스트리에서 파일이 오는 중입니다').waitFor()
      await look('draft')
      await person.go(`/catalog/models/${(await importOf(platform, came.id)).modelId}`)
      await page.getByRole('button', { name: '업데이트 확인' }).click()
      await page.getByText('그대로입니다').scrollIntoViewIfNeeded()
      await look('model')
    })
    await visit(platform, { key: await platform.keyFor('rosa', ['researcher']) }, 'imports-researcher', async ({ page }) => {
      await page.goto(`${platform.url}/catalog/imports/new?baseUrl=${encodeURIComponent(there.url)}`)
      await field(page, /^Credential/).waitFor()
    })
    await platform.call('POST', `/catalog/imports/${coming.id}/cancel`, {})
  }))
}
