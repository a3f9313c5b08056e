// Tables within pages: the columns that are shown, and lists longer than one page of the server.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { rest } from './platform.mjs'
import { press } from './work.mjs'

const VERSIONS = 205

async function wideOf(platform, name) {
  const { id } = await platform.call('POST', '/catalog/datasets', { name, version: '1.0.0', type: 'other' })
  const row = (n) => JSON.stringify(Object.fromEntries(['id', 'question', 'answer', 'source', 'note'].map((column) => [column, `${column} ${n}`])))
  await platform.upload(`/catalog/datasets/${id}/upload`, 'rows.jsonl', Array.from({ length: 60 }, (_, n) => row(n)).join('\n'))
  return id
}

/** A name with more versions than a page of the server holds. */
async function manyOf(platform) {
  const { id } = await platform.call('POST', '/catalog/datasets', { name: 'many-versions', version: '1.0.0', type: 'other' })
  for (let minor = 1; minor < VERSIONS; minor += 1) await platform.call('POST', `/catalog/datasets/${id}/versions`, { version: `1.${minor}.0` })
  return id
}

export function listTests(platformOf) {
  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: columns are chosen, stay in the address, and only they are read`, async () => {
      const platform = await platformOf()
      const id = await wideOf(platform, `wide-${hand.name}`)
      await visit(platform, { key: platform.key }, `columns-${hand.name}`, async (person) => {
        const { page } = person
        await person.go(`/catalog/datasets/${id}`)
        const table = page.getByRole('table', { name: 'Preview' })
        const heads = async () => (await table.getByRole('columnheader').allInnerTexts()).map((text) => text.trim())
        await table.getByText('note 3', { exact: true }).waitFor()
        await hand.press(page, page.locator('summary').filter({ hasText: 'Columns' }))
        await press(hand, page, 'checkbox', 'answer')
        const asked = page.waitForResponse((response) => /preview/.test(response.url()) && response.url().includes('question'))
        await press(hand, page, 'checkbox', 'question')
        const { data } = await (await asked).json()
        assert.deepEqual(Object.keys(data[0]?.values ?? data.items[0].values).sort(), ['answer', 'question'])
        await table.getByText('note 3', { exact: true }).waitFor({ state: 'detached' })
        await table.getByText('answer 3', { exact: true }).waitFor()
        assert.deepEqual(await heads(), ['Row', 'question', 'answer'])
        await page.getByText('2 of 5').waitFor()
        assert.match(page.url(), /column=answer&column=question/)
        await person.picture(`columns-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await press(hand, page, 'button', 'Next')
        await table.getByText('answer 55', { exact: true }).waitFor()
        await press(hand, page, 'tab', 'Statistics')
        await page.getByRole('heading', { name: 'question' }).waitFor()
        assert.equal(await page.getByRole('heading', { name: 'note' }).count(), 0)
        await page.reload()
        await page.getByRole('heading', { name: 'answer' }).waitFor()
        assert.equal(await page.getByRole('heading', { name: 'source' }).count(), 0)
      })
    })
  }

  test('versions beyond the first page are there, can be gone to and compared', async () => {
    const platform = await platformOf()
    const id = await manyOf(platform)
    await visit(platform, { key: platform.key }, 'many-versions', async (person) => {
      const { page } = person
      // These versions have no rows to compare.
      person.expects(/status of 409/)
      await person.go(`/catalog/datasets/${id}?tab=versions`)
      const table = page.getByRole('table', { name: 'Versions' })
      await table.getByText('1.204.0').waitFor()
      await page.getByText('200+ rows').or(page.getByText('205 rows')).first().waitFor()
      await table.evaluate((box) => box.scrollTo({ top: box.scrollHeight }))
      await page.getByText('205 rows').waitFor()
      await table.evaluate((box) => box.scrollTo({ top: box.scrollHeight }))
      await table.getByRole('link', { name: '1.0.0', exact: true }).waitFor()
      await person.picture('many-versions')
      await person.go(`/catalog/datasets/${id}/compare?a=1.0.0&b=1.204.0`)
      await page.getByRole('combobox', { name: 'Before' }).getByText('1.0.0').waitFor()
    })
  })

  test('who goes on from a list right after scrolling it comes to the page alone, however long that takes to load', async () => {
    const platform = await platformOf()
    for (let minor = 0; minor < 40; minor += 1) await platform.call('POST', '/catalog/datasets', { name: 'scrolled', version: `1.${minor}.0`, type: 'other' })
    for (const delay of [0, 900]) {
      await visit(platform, { key: platform.key }, `scrolled-${delay}`, async ({ page }) => {
        await page.goto(`${platform.url}/catalog/datasets?text=scrolled`)
        const table = page.getByRole('table')
        await table.getByRole('row').nth(30).waitFor()
        await page.route('**/assets/**', async (route) => {
          await rest(delay)
          await route.fallback()
        })
        await table.evaluate(async (box) => {
          box.scrollTo({ top: 500 })
          await new Promise((done) => setTimeout(done, 100))
          const [inSight] = [...box.querySelectorAll('[data-row-link]')].filter((link) => link.getBoundingClientRect().top > box.getBoundingClientRect().top + 60)
          inSight.click()
        })
        await page.getByRole('tab', { name: 'Preview' }).or(page.getByRole('tab', { name: 'Files' })).first().waitFor()
        await rest(700)
        assert.match(page.url(), /\/catalog\/datasets\/[0-9a-f-]{36}$/)
      })
    }
  })

  test('files beyond the first page come when they are scrolled to', async () => {
    const platform = await platformOf()
    const { id } = await platform.call('POST', '/catalog/datasets', { name: 'many-files', version: '1.0.0', type: 'other' })
    for (let n = 10; n < 24; n += 1) await platform.upload(`/catalog/datasets/${id}/upload`, `rows-${n}.jsonl`, '{"a":1}')
    await visit(platform, { key: platform.key }, 'many-files', async ({ page }) => {
      // As if the server had pages of three.
      const asked = []
      await page.route(`**/llm-ops/v1/catalog/datasets/${id}/files?**`, (route) => {
        asked.push(route.request().url())
        return route.continue({ url: route.request().url().replace('limit=1000', 'limit=3') })
      })
      await page.goto(`${platform.url}/catalog/datasets/${id}?tab=files`)
      await page.getByRole('table', { name: 'Files' }).getByText('rows-23.jsonl').waitFor()
      assert.equal(await page.getByRole('table', { name: 'Files' }).getByRole('row').count(), 15)
      assert.ok(asked.length >= 5, asked.join('\n'))
    })
  })
}
