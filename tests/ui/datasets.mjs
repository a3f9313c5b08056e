// What is made of datasets: parts of one, a comparison of two versions, an old version again.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { until } from './platform.mjs'
import { press } from './work.mjs'

const rows = (from, to, answer) => Array.from({ length: to - from }, (_, at) => JSON.stringify({ prompt: `what is ${from + at} and ${from + at}?`, response: answer(from + at) })).join('\n')

/** Two versions that differ in rows of each kind, of a name of their own. */
async function twoVersions(platform, name) {
  const first = await platform.call('POST', '/catalog/datasets', { name, version: '1.0.0', type: 'sft_pair' })
  await platform.upload(`/catalog/datasets/${first.id}/upload`, 'rows.jsonl', rows(0, 100, (n) => `It is ${2 * n}.`))
  const second = await platform.call('POST', `/catalog/datasets/${first.id}/versions`, { version: '1.1.0', changeLog: 'Better answers' })
  const better = (n) => (n % 25 ? `It is ${2 * n}.` : `The sum of both is ${2 * n}; ask sam${n}@acme-corp.com.`)
  await platform.upload(`/catalog/datasets/${second.id}/upload`, 'rows.jsonl', rows(2, 104, better))
  return { first: first.id, second: second.id }
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
  }

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
