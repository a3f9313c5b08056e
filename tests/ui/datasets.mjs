// What is made of datasets: parts of one, a comparison of two versions, an old version again.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { gzipSync } from 'node:zlib'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { file, folder, until } from './platform.mjs'
import { bring, press } from './work.mjs'

const rows = (from, to, answer) => Array.from({ length: to - from }, (_, at) => JSON.stringify({ prompt: `what is ${from + at} and ${from + at}?`, response: answer(from + at) })).join('\n')

/** Two versions that differ in rows of each kind, of a name of their own, which is in them: what was counted of the same bytes is not counted again. */
async function twoVersions(platform, name) {
  const first = await platform.call('POST', '/catalog/datasets', { name, version: '1.0.0', type: 'sft_pair' })
  const plain = (n) => (n === 30 ? `It is 60 in ${name}.` : `It is ${2 * n}.`)
  await platform.upload(`/catalog/datasets/${first.id}/upload`, 'rows.jsonl', rows(0, 100, plain))
  const second = await platform.call('POST', `/catalog/datasets/${first.id}/versions`, { version: '1.1.0', changeLog: 'Better answers' })
  const better = (n) => (n % 25 ? plain(n) : `The sum of both is ${2 * n}; ask sam${n}@acme-corp.com.`)
  await platform.upload(`/catalog/datasets/${second.id}/upload`, 'rows.jsonl', rows(2, 104, better))
  return { first: first.id, second: second.id }
}

const TRICK = '<img src=x onerror="window.taken = 1">'
/** A conversation in which a tool is called and whose last turn is long, and what else a row may hold. */
const talk = (n) => ({
  messages: [
    { role: 'system', content: 'Be short.' },
    { role: 'user', content: [{ type: 'text', text: `What is ${n}? ${TRICK}` }, { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] },
    { role: 'assistant', content: null, tool_calls: [{ id: `c${n}`, type: 'function', function: { name: 'count', arguments: `{"to": ${n}}` } }] },
    { role: 'tool', tool_call_id: `c${n}`, content: `${n}` },
    { role: 'assistant', content: `It is ${n}. ${'And so on. '.repeat(200)}The end.` },
  ],
  source: { book: 'sums', pages: [n, n + 1] },
})
const talks = (count) => Array.from({ length: count }, (_, n) => JSON.stringify(talk(n))).join('\n')

/** A draft with conversations, for pages to show. */
export async function talksOf(platform, name = 'talks') {
  const [there] = await platform.call('GET', `/catalog/datasets?name=${name}`)
  if (there) return there.id
  const { id } = await platform.call('POST', '/catalog/datasets', { name, version: '1.0.0', type: 'sft_pair' })
  await platform.upload(`/catalog/datasets/${id}/upload`, 'rows.jsonl', talks(3))
  return id
}

/** The same for pages to show: validated, and with a derivation that is done. */
export async function pairOf(platform) {
  const name = 'paired'
  const there = await platform.call('GET', `/catalog/datasets?name=${name}`)
  const of = (version) => there.find((one) => one.version === version)?.id
  const { first, second } = there.length ? { first: of('1.0.0'), second: of('1.1.0') } : await twoVersions(platform, name)
  const validation = `/catalog/datasets/${second}/validation`
  if (!there.length) await platform.call('POST', validation, {})
  await until('the validation is done', async () => (await platform.call('GET', validation)).state === 'succeeded')
  const derivations = `/catalog/datasets/${first}/derivations`
  const derived = (await platform.call('GET', derivations))[0] ?? (await platform.call('POST', `/catalog/datasets/${first}/derive`, { split: { train: 0.9, test: 0.1, seed: 3 } }))
  await until('the derivation is done', async () => (await platform.call('GET', `${derivations}/${derived.id}`)).state === 'succeeded')
  return { first, second, derivation: derived.id }
}

export function datasetTests(platformOf) {
  for (const hand of [mouse, keyboard]) {
    const by = `with the ${hand.name}`

    test(`${by}: a dataset is split, and its parts are there with their origin`, async () => {
      const platform = await platformOf()
      const name = `split-${hand.name}`
      const { first } = await twoVersions(platform, name)
      await visit(platform, { key: platform.key }, name, async (person) => {
        const { page } = person
        await person.go(`/catalog/datasets/${first}?tab=derivations`)
        await page.getByText('Nothing was derived yet').waitFor()
        await press(hand, page, 'link', 'Derive')
        await hand.write(page, page.getByRole('textbox', { name: 'Test' }), '0.3')
        await page.getByText('The shares add up to 1.2').waitFor()
        await hand.write(page, page.getByRole('textbox', { name: 'Train' }), '0.6')
        await hand.write(page, page.getByRole('textbox', { name: 'Seed' }), '7')
        await page.getByText('about 60 rows').waitFor()
        await press(hand, page, 'button', 'Derive')
        await page.waitForURL(/\/derivations\//)
        await page.getByText('Succeeded', { exact: true }).waitFor()
        await press(hand, page, 'link', `${name}-train 1.0.0`)
        await page.getByRole('heading', { name: `${name}-train 1.0.0` }).waitFor()
        const origin = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Derived from' }) })
        assert.match(await origin.innerText(), new RegExp(`${name} 1.0.0[^]*Split[^]*0.6 / 0.1 / 0.3[^]*Train`))
        const [made] = await platform.call('GET', `/catalog/datasets?name=${name}-train`)
        assert.equal(made.rows, 60)
        assert.deepEqual(await person.axe(), [])
      })
    })

    test(`${by}: two versions are compared row by row, and an old one comes back`, async () => {
      const platform = await platformOf()
      const name = `compared-${hand.name}`
      const { second } = await twoVersions(platform, name)
      await visit(platform, { key: platform.key }, name, async (person) => {
        const { page } = person
        await person.go(`/catalog/datasets/${second}?tab=versions`)
        const newer = page.getByRole('table', { name: 'Versions' }).getByRole('row').filter({ hasText: '1.1.0' })
        await newer.getByText('1.0.0: +2 rows').waitFor()
        await press(hand, page, 'checkbox', 'Select 1.0.0')
        await press(hand, page, 'checkbox', 'Select 1.1.0')
        await press(hand, page, 'link', 'Compare')
        await page.waitForURL(/compare\?a=1\.0\.0&b=1\.1\.0&key=prompt/)
        const changed = page.getByRole('region', { name: 'Modified' })
        assert.match(await changed.innerText(), /prompt what is 25 and 25\?[^]*response\s+It is 50\.\s+The sum of both is 50/)
        await press(hand, page, 'tab', 'Added 4')
        await page.getByRole('table', { name: 'Added' }).getByText('what is 103 and 103?').waitFor()
        await press(hand, page, 'tab', 'Removed 2')
        await page.getByRole('table', { name: 'Removed' }).getByText('what is 1 and 1?').waitFor()
        await press(hand, page, 'button', 'Details of response')
        await page.getByRole('dialog', { name: 'response' }).getByText('Median').waitFor()
        await page.keyboard.press('Escape')
        await press(hand, page, 'checkbox', 'prompt')
        await page.getByText('Without key columns').waitFor()
        assert.ok(!page.url().includes('key='), page.url())
        assert.deepEqual(await person.axe(), [])

        await person.go(`/catalog/datasets/${second}?tab=versions`)
        await newer.getByText('1.0.0: rows +4 −2 ~3').waitFor()
        await person.picture(`since-${hand.name}`)
        await press(hand, page, 'button', 'More for 1.0.0')
        await press(hand, page, 'menuitem', 'Restore')
        const dialog = page.getByRole('dialog', { name: `Restore ${name} 1.0.0?` })
        await dialog.getByText('The files are not stored again').waitFor()
        await hand.press(page, dialog.getByRole('button', { name: 'Restore' }))
        await page.getByRole('heading', { name: `${name} 1.1.1` }).waitFor()
        const versions = await platform.call('GET', `/catalog/datasets/${second}/versions`)
        const of = (version) => versions.find((one) => one.version === version)
        assert.equal(of('1.1.1').digest, of('1.0.0').digest)
      })
    })

    test(`${by}: a row opens whole, and its conversation reads as turns`, async () => {
      const platform = await platformOf()
      const id = await talksOf(platform, `talks-${hand.name}`)
      await visit(platform, { key: platform.key }, `talks-${hand.name}`, async (person) => {
        const { page } = person
        await person.go(`/catalog/datasets/${id}`)
        await page.getByRole('table').getByText(/^System: Be short. · User: What is 1\?/).waitFor()
        await press(hand, page, 'button', 'Open row 2')
        const dialog = page.getByRole('dialog', { name: 'Row 2 of 3' })
        const turns = dialog.getByRole('list', { name: 'messages' }).getByRole('listitem')
        await turns.nth(4).waitFor()
        assert.deepEqual((await turns.allInnerTexts()).map((text) => text.split('\n')[0]), ['System', 'User', 'Assistant', 'Tool', 'Assistant'])
        assert.ok((await turns.nth(1).innerText()).includes(TRICK), 'markup is words')
        await turns.nth(1).getByText('Image, not shown').waitFor()
        assert.equal(await dialog.locator('img').count(), 0)
        assert.match(await turns.nth(2).getByRole('region', { name: 'Assistant 3: count' }).innerText(), /to: 1/)
        await turns.nth(3).getByText('Answers c1').waitFor()
        assert.equal(await turns.nth(4).getByText('The end.').count(), 0)
        await hand.press(page, turns.nth(4).getByRole('button', { name: /^Show all 2,\d+ characters/ }))
        await turns.nth(4).getByText('The end.').waitFor()
        assert.match(await dialog.getByRole('region', { name: 'source' }).innerText(), /book: "sums"[^]*pages/)
        assert.deepEqual(await person.axe(), [])
        await hand.press(page, dialog.getByRole('button', { name: 'Next row' }))
        await page.getByRole('dialog', { name: 'Row 3 of 3' }).getByText('What is 2?').waitFor()
        assert.match(page.url(), /open=2/)
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        assert.ok(!page.url().includes('open='), page.url())
        assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Open row 2')
      })
    })

    test(`${by}: a file takes the place of another only after a question`, async () => {
      const platform = await platformOf()
      const id = await talksOf(platform, `replaced-${hand.name}`)
      const rowsNow = async () => (await platform.call('GET', `/catalog/datasets/${id}`)).rows
      await visit(platform, { key: platform.key }, `replaced-${hand.name}`, async (person) => {
        const { page } = person
        person.expects(/status of 409/)
        await person.go(`/catalog/datasets/${id}?tab=files`)
        const uploads = page.getByRole('region', { name: 'Uploads' })
        const ask = async () => {
          await bring(hand, page, file('rows.jsonl', talks(5)))
          await uploads.getByRole('alert').getByText('Replace what is stored by rows.jsonl?').waitFor()
        }
        await ask()
        assert.equal(await rowsNow(), 3)
        assert.deepEqual(await person.axe(), [])
        await press(hand, page, 'button', 'Keep what is stored, and do not send rows.jsonl')
        await uploads.waitFor({ state: 'detached' })
        assert.equal(await rowsNow(), 3)
        await ask()
        await press(hand, page, 'button', 'Replace by rows.jsonl')
        await uploads.getByText('Done').waitFor()
        assert.equal(await rowsNow(), 5)
      })
    })
  }

  test('a folder comes with its paths, compressed and in another encoding; what was guessed is marked', async () => {
    const platform = await platformOf()
    const { id } = await platform.call('POST', '/catalog/datasets', { name: 'tables', version: '1.0.0', type: 'other' })
    // "question;answer", then lines that say in Korean that the capital is Seoul.
    const korean = (text) => Buffer.from([...text].map((sign) => ({ Q: 'c1fab9ae', A: 'b4e4', C: 'bcf6b5b5', S: 'bcadbfef' })[sign] ?? Buffer.from(sign).toString('hex')).join(''), 'hex')
    const table = korean(`Q;A\n${'C S Q;S A\n'.repeat(40)}`)
    const data = join(folder(), 'data')
    mkdirSync(join(data, 'parts'), { recursive: true })
    writeFileSync(join(data, '.hidden'), 'nothing')
    writeFileSync(join(data, 'parts', 'a.csv'), table)
    writeFileSync(join(data, 'b.csv.gz'), gzipSync(table))
    await visit(platform, { key: platform.key }, 'tables', async ({ page }) => {
      await page.goto(`${platform.url}/catalog/datasets/${id}?tab=files`)
      const asked = page.waitForEvent('filechooser')
      await press(mouse, page, 'button', 'Choose a folder')
      await (await asked).setFiles(data)
      const row = (path) => page.getByRole('row').filter({ hasText: path })
      for (const path of ['parts/a.csv', 'b.csv']) await row(path).getByText('EUC-KR').waitFor()
      await row('parts/a.csv').getByText('Guessed').waitFor()
      await page.getByText('The encoding of 2 files was guessed').waitFor()
      await page.locator('summary').filter({ hasText: 'How the files are written' }).click()
      await page.getByRole('textbox', { name: 'Encoding' }).fill('EUC-KR')
      await mouse.choose(page, page.getByRole('combobox', { name: 'Delimiter' }), 'Semicolon')
      await bring(mouse, page, file('c.csv', table))
      await row('c.csv').getByText('EUC-KR').waitFor()
      assert.equal(await row('c.csv').getByText('Guessed').count(), 0)
      const files = await platform.call('GET', `/catalog/datasets/${id}/files`)
      assert.deepEqual(files.map(({ path, rows, delimiter }) => [path, rows, delimiter]), [['b.csv', 40, ';'], ['c.csv', 40, ';'], ['parts/a.csv', 40, ';']])
    })
  })

  test('a recommendation leads to the form that mends it', async () => {
    const platform = await platformOf()
    const { second } = await pairOf(platform)
    await visit(platform, { key: platform.key }, 'remedy', async ({ page }) => {
      await page.goto(`${platform.url}/catalog/datasets/${second}?tab=validation`)
      await press(mouse, page, 'link', 'Redact')
      await page.getByRole('radio', { name: /^Redact/ }).and(page.locator('[data-state=checked]')).waitFor()
      await page.getByRole('checkbox', { name: 'E-mail' }).and(page.locator('[data-state=checked]')).waitFor()
      await press(mouse, page, 'button', 'Derive')
      await page.getByText('Succeeded', { exact: true }).waitFor()
      await press(mouse, page, 'link', /^Compare .* with its source$/)
      await page.getByText('[EMAIL]').first().waitFor()
    })
  })
}
