// How many tokens a dataset has for a model, which rows are too long for it, and a dataset without them.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { until } from './platform.mjs'
import { draft, press, slowed } from './work.mjs'

/** Rows of different lengths, the last of them longer than any small model takes; one has no answer. */
const rows = Array.from({ length: 40 }, (_, at) => ({ prompt: `what comes after ${'and '.repeat(at === 39 ? 900 : at)}${at}?`, ...(at === 7 ? {} : { response: `It is ${at + 1}.` }) }))

async function longRowsOf(platform, name) {
  const { id } = await platform.call('POST', '/catalog/datasets', { name, version: '1.0.0', type: 'sft_pair' })
  await platform.upload(`/catalog/datasets/${id}/upload`, 'rows.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'))
  return id
}

/** A model with a tokenizer: one that the story made, and not what others approved since. */
async function modelOf(platform) {
  for (const model of await platform.call('GET', '/catalog/models?status=approved')) {
    const files = await platform.call('GET', `/catalog/models/${model.id}/files`)
    if (files.some(({ path }) => path === 'tokenizer.json')) return model
  }
  throw new Error('no approved model has a tokenizer')
}

/** The same for pages to show: counted, in all its columns. */
export async function countedOf(platform) {
  const name = 'counted'
  const [there] = await platform.call('GET', `/catalog/datasets?name=${name}`)
  const counted = there?.id ?? (await longRowsOf(platform, name))
  const path = `/catalog/datasets/${counted}/tokens`
  if (!(await platform.call('GET', path)).length) await platform.call('POST', path, { modelId: (await modelOf(platform)).id })
  const found = await until('the tokens are counted', async () => (await platform.call('GET', path)).find(({ state }) => state === 'succeeded'))
  return { counted, count: found.id }
}

export function tokenTests(platformOf) {
  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: the tokens of a dataset are counted, and rows that are too long left out`, async () => {
      const platform = await platformOf()
      const name = `long-${hand.name}`
      const [id, model] = [await longRowsOf(platform, name), await modelOf(platform)]
      await draft(platform, `bare-${hand.name}`)
      await visit(platform, { key: platform.key }, name, async (person) => {
        const { page } = person
        await person.go(`/catalog/datasets/${id}?tab=tokens`)
        await page.getByText('No tokens were counted yet').waitFor()
        await press(hand, page, 'link', 'Count tokens')
        await press(hand, page, 'button', 'Count')
        await page.getByText('This is needed').waitFor()
        const picker = page.getByRole('combobox', { name: /^Model/ })
        await hand.write(page, picker, `bare-${hand.name}`)
        await hand.choose(page, picker, new RegExp(`^bare-${hand.name}`))
        await page.getByText('This model has no tokenizer.json.').waitFor()
        assert.deepEqual(await person.axe(), [])
        await hand.write(page, picker, model.name)
        await hand.choose(page, picker, new RegExp(`^${model.name} ${model.version}`))
        await page.getByText('This model has no tokenizer.json.').waitFor({ state: 'detached' })
        await page.locator('aside').getByText(model.id).first().waitFor()
        await person.picture(`tokens-form-${hand.name}`)
        await press(hand, page, 'button', 'Count')
        await page.getByText('Succeeded', { exact: true }).waitFor()
        const [{ report, columns }] = await platform.call('GET', `/catalog/datasets/${id}/tokens`)
        assert.deepEqual(columns, ['prompt', 'response'])
        const tile = (label) => page.locator('main dl > div').filter({ has: page.getByText(label, { exact: true }) }).locator('dd').first().innerText()
        const number = (value) => value.toLocaleString('en-GB')
        assert.deepEqual([await tile('Tokens'), await tile('Rows counted'), await tile('Longest row'), await tile('Rows too long')], [report.together.total, 40, report.together.distribution.max, report.together.overContext].map(number))
        assert.ok(report.together.overContext > 0, JSON.stringify(report.together))
        await page.getByRole('heading', { name: 'All columns of a row' }).waitFor()
        assert.match(await page.locator('section').filter({ has: page.getByRole('heading', { name: 'response' }) }).innerText(), /Without text\s+1/)
        await person.picture(`tokens-counted-${hand.name}`)
        assert.deepEqual(await person.axe(), [])

        await press(hand, page, 'link', 'Leave long rows out')
        await page.getByRole('radio', { name: /^By tokens/ }).and(page.locator('[data-state=checked]')).waitFor()
        const most = page.getByRole('textbox', { name: /^At most/ })
        assert.equal(await most.inputValue(), String(report.contextLength))
        await hand.write(page, page.getByRole('textbox', { name: /^At least/ }), String(report.contextLength + 1))
        await page.getByText('The least is more than the most.').waitFor()
        await hand.write(page, page.getByRole('textbox', { name: /^At least/ }), '1')
        await hand.write(page, page.getByRole('textbox', { name: /^Name/ }), `${name}-short`)
        await person.picture(`tokens-derive-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await press(hand, page, 'button', 'Derive')
        await page.getByText('Succeeded', { exact: true }).waitFor()
        await page.getByText(`${model.name} ${model.version}`).first().waitFor()
        const [made] = await platform.call('GET', `/catalog/datasets?name=${name}-short`)
        assert.equal(made.rows, 40 - report.together.overContext)
        await person.go(`/catalog/datasets/${id}?tab=tokens`)
        await page.getByRole('table', { name: 'Tokens' }).getByText(number(report.together.total)).waitFor()
      })
    })
  }

  test('a count is followed, ended before it is through, and says why it failed', async () => {
    const platform = await platformOf()
    const { counted, count } = await countedOf(platform)
    const path = `/catalog/datasets/${counted}/tokens/${count}`
    const { report, ...done } = await platform.call('GET', path)
    await visit(platform, { key: platform.key }, 'tokens-running', async (person) => {
      const { page } = person
      const { is } = await slowed(page, path, done)
      await person.go(path)
      await page.getByText('1.2 kB of 4 kB read').waitFor()
      await person.picture('tokens-running')
      assert.deepEqual(await person.axe(), [])
      await press(mouse, page, 'button', 'Cancel count')
      await page.getByRole('dialog', { name: 'Cancel this count?' }).getByRole('button', { name: 'Cancel count' }).click()
      await page.getByText('It was cancelled before it was through.').waitFor()
      is({ state: 'failed', error: '`modelId` names a model whose tokenizer.json cannot be used' })
      await page.reload()
      await page.getByText('Nothing was counted. Choose another model or mend it, and count again.').waitFor()
      await page.getByText('whose tokenizer.json cannot be used').waitFor()
      await press(mouse, page, 'link', 'Change and count again')
      await page.waitForURL(/tokens\/new\?again=/)
    })
  })

  test('who may only look sees what was counted, on a phone, in Korean and in the dark too', async () => {
    const platform = await platformOf()
    const { counted, count } = await countedOf(platform)
    await visit(platform, { key: await platform.keyFor('vera-of-tokens', ['viewer']), width: 390, height: 844, theme: 'dark', language: 'ko' }, 'tokens-narrow', async (person) => {
      const { page } = person
      const look = async (what) => {
        await person.picture(`tokens-narrow-${what}`)
        assert.deepEqual(await person.axe(), [], what)
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, what)
      }
      await person.go(`/catalog/datasets/${counted}?tab=tokens`)
      await page.getByRole('table', { name: '토큰' }).waitFor()
      assert.equal(await page.getByRole('link', { name: '토큰 세기' }).count(), 0)
      await look('tab')
      await person.go(`/catalog/datasets/${counted}/tokens/${count}`)
      await page.getByText('행의 모든 열').waitFor()
      assert.equal(await page.getByRole('link', { name: '긴 행 빼기' }).count(), 0)
      await look('one')
    })
  })
}
