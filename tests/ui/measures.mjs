// Evaluations: a form that says what is wrong where it is wrong, scores with what they are worth, samples, files, and a comparison.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { pick } from './jobs.mjs'
import { until } from './platform.mjs'
import { press } from './work.mjs'

const TUNED = 'quickstart-capitals'
const [STORY_BASE, STORY_TUNED] = ['quickstart quickstart-base', `quickstart ${TUNED}`]
/** More than a page of the table of samples. */
const SAMPLES = 60

const listed = async (platform, name) => (await platform.call('GET', '/evaluation/runs')).find((run) => run.name === name)

/** What stands under a field in place of its hint. */
async function refusedAt(field, text) {
  await field.and(field.page().locator('[aria-invalid=true]')).waitFor()
  assert.match(await field.page().locator(`id=${await field.getAttribute('aria-describedby')}`).innerText(), text)
}

function formTests(platformOf, hand) {
  test(`with the ${hand.name}: an evaluation is refused where it is wrong, then measures, and is read to its samples`, async () => {
    const platform = await platformOf()
    const name = `measured-${hand.name}`
    await visit(platform, { key: platform.key }, `evaluation-${hand.name}`, async (person) => {
      const { page } = person
      person.expects(/status of 4\d\d/)
      const box = (label) => page.getByRole('textbox', { name: label, exact: true })
      const send = () => press(hand, page, 'button', 'Start evaluation')
      await person.go('/evaluations')
      await press(hand, page, 'link', 'New evaluation')
      await send()
      for (const label of [/^Model/, /^Dataset/]) await refusedAt(page.getByRole('combobox', { name: label }), /This is needed/)
      await pick(hand, page, /^Model/, TUNED)
      await pick(hand, page, /^Dataset/, 'speeches')
      for (const metric of ['exact_match', 'token_f1']) await press(hand, page, 'checkbox', metric)
      await page.getByRole('alert').getByText('At least one metric is needed').waitFor()
      await press(hand, page, 'checkbox', 'bleu')
      await send()
      await page.locator('section').filter({ has: page.getByRole('heading', { name: 'Metrics' }) }).getByRole('alert').getByText(/needs questions with answers, and the dataset is plain text/).waitFor()
      await person.picture(`evaluation-refused-${hand.name}`)
      assert.deepEqual(await person.axe(), [])

      await pick(hand, page, /^Dataset/, 'capitals-heldout')
      await press(hand, page, 'checkbox', 'exact_match')
      await hand.write(page, box('Seed'), 'soon')
      await hand.write(page, box('Temperature'), '9')
      await refusedAt(box('Seed'), /This must be a number/)
      await hand.write(page, box('Seed'), '1')
      await hand.write(page, box('Most samples'), String(SAMPLES))
      await send()
      await refusedAt(box('Temperature'), /must be 0 to 2, not 9/)
      await hand.write(page, box('Temperature'), '0')
      await hand.write(page, box('Most tokens'), '32')
      await hand.write(page, box('Name'), name)
      const side = page.getByRole('complementary', { name: 'Beside the form' })
      for (const words of [`"limit": ${SAMPLES}`, '"temperature": 0', `"name": "${name}"`]) await side.getByText(words).waitFor()
      await send()
      await page.getByRole('heading', { level: 1, name }).waitFor()
      await page.getByText('Succeeded', { exact: true }).first().waitFor()
      await scores(platform, page, await listed(platform, name))
      await samples(hand, person, platform, await listed(platform, name))
    })
  })
}

/** Each score, and where the true value lies as far as these samples can tell. */
async function scores(platform, page, run) {
  assert.deepEqual([run.samples, run.requestedMetrics, run.parameters.temperature, run.parameters.maxTokens], [SAMPLES, ['bleu', 'exact_match'], 0, 32])
  const { items: about } = await platform.call('GET', '/evaluation/metrics')
  for (const { name, value, confidence } of run.metrics) {
    const card = page.locator('section').filter({ has: page.getByRole('heading', { name, exact: true }) })
    const told = await card.getByRole('img').getAttribute('aria-label')
    const [is, level, low, high] = /^([\d.]+), (\d+)% interval ([\d.]+) to ([\d.]+)$/.exec(told).slice(1).map(Number)
    assert.equal(level, confidence.level * 100)
    for (const [shown, right] of [[is, value], [low, confidence.low], [high, confidence.high]]) assert.ok(Math.abs(shown - right) <= Math.abs(right) * 0.001 + 1e-9, `${name}: ${told}`)
    await card.getByText('Higher is better').waitFor()
    await card.getByText(about.find((metric) => metric.name === name).description).waitFor()
    await card.getByText(confidence.method === 'bootstrap' ? /1000 draws of the samples/ : /Exact interval of a proportion/).waitFor()
  }
}

/** The answers behind the scores: page by page, one by one, and as files. */
async function samples(hand, person, platform, run) {
  const { page } = person
  const all = await platform.call('GET', `/evaluation/runs/${run.id}/samples?limit=${SAMPLES}`)
  await press(hand, page, 'tab', 'Samples')
  const table = page.getByRole('table', { name: 'Samples' })
  await page.getByText(`1 to 50 of ${SAMPLES}`).waitFor()
  await table.getByText(all[0].prompt, { exact: true }).waitFor()
  await press(hand, page, 'button', 'Next')
  await page.getByText(`51 to ${SAMPLES} of ${SAMPLES}`).waitFor()
  await page.waitForURL(/page=/)
  await press(hand, page, 'button', 'Open sample 51')
  const one = page.getByRole('dialog', { name: 'Sample 51' })
  for (const text of [all[50].prompt, all[50].prediction, all[50].reference]) await one.getByText(text, { exact: true }).first().waitFor()
  assert.deepEqual(await person.axe(), [])
  await hand.press(page, one.getByRole('button', { name: 'Next' }))
  await page.getByRole('dialog', { name: 'Sample 52' }).getByText(all[51].prompt, { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await press(hand, page, 'button', 'Previous')
  await page.getByText(`1 to 50 of ${SAMPLES}`).waitFor()

  const take = async (kind) => {
    const coming = page.waitForEvent('download')
    await press(hand, page, 'link', kind)
    const download = await coming
    return { file: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') }
  }
  const json = await take('JSON')
  assert.match(json.file, /\.json$/)
  const held = JSON.parse(json.text)
  assert.deepEqual(held.samples.map(({ prompt, prediction }) => [prompt, prediction]), all.map(({ prompt, prediction }) => [prompt, prediction]))
  const csv = await take('CSV')
  assert.match(csv.file, /\.csv$/)
  for (const { prompt, reference } of all) assert.ok([prompt, reference].every((text) => csv.text.includes(text.replaceAll('"', '""'))), prompt)
}

/** Selects both evaluations of the story in the list, the base first. */
async function chosen(hand, page) {
  const row = (name) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })
  for (const name of [STORY_BASE, STORY_TUNED]) await hand.press(page, row(name).getByRole('checkbox'))
  await press(hand, page, 'link', 'Compare 2')
  await page.waitForURL(/\/evaluations\/compare\?runs=/)
}

function compareTests(platformOf, hand) {
  test(`with the ${hand.name}: base and tuned model are compared sample by sample, and chance is told apart`, async () => {
    const platform = await platformOf()
    const [base, tuned] = [await listed(platform, STORY_BASE), await listed(platform, STORY_TUNED)]
    await visit(platform, { key: platform.key }, `compare-${hand.name}`, async (person) => {
      const { page } = person
      await person.go('/evaluations')
      await chosen(hand, page)
      await page.getByText(`${STORY_TUNED} is better, and not by chance.`).waitFor()
      await page.getByText('200 common samples of capitals-heldout').waitFor()
      const told = await platform.call('GET', `/evaluation/runs/compare?runIds=${base.id},${tuned.id}`)
      const match = told.metrics.find(({ name }) => name === 'exact_match')
      const [{ test: { difference, wins, ties, losses } }] = match.againstFirst
      const row = page.getByRole('region', { name: 'Against the first, sample by sample' }).getByRole('row').filter({ hasText: 'exact_match' })
      for (const cell of [`+${difference}`, `${wins} / ${ties} / ${losses}`, 'Better']) await row.getByText(cell, { exact: true }).waitFor()
      const sides = page.getByRole('region', { name: 'Side by side' }).getByRole('row')
      const best = sides.filter({ hasText: 'exact_match' }).getByRole('cell').filter({ has: page.getByRole('img', { name: 'Best' }) })
      assert.equal(await best.innerText(), String(match.values[1]))
      await person.picture(`evaluations-compared-${hand.name}`)
      assert.deepEqual(await person.axe(), [])

      await press(hand, page, 'button', 'Make it the first')
      await page.waitForURL(new RegExp(`runs=${tuned.id}(,|%2C)${base.id}`))
      await page.getByText(`Stay with ${STORY_TUNED}: the others are worse, and not by chance.`).waitFor()
      await row.getByText(`-${difference}`, { exact: true }).or(row.getByText(`−${difference}`, { exact: true })).waitFor()
      await press(hand, page, 'link', STORY_TUNED)
      await page.getByRole('heading', { level: 1, name: STORY_TUNED }).waitFor()
      await press(hand, page, 'tab', 'Same dataset')
      const others = page.getByRole('table', { name: 'Same dataset' })
      await hand.press(page, others.getByRole('row').filter({ hasText: STORY_BASE }).getByRole('link', { name: 'Compare' }))
      await page.waitForURL(new RegExp(`compare\\?runs=${base.id}(,|%2C)${tuned.id}`))
      await page.getByText(`${STORY_TUNED} is better, and not by chance.`).waitFor()
    })
  })
}

/** Not what is asked usually, in any part. */
const ASKED = { metrics: ['exact_match', { name: 'bleu', options: { tokenizer: 'char' } }], limit: 7, concurrency: 3, parameters: { maxTokens: 24, temperature: 0, seed: 5 } }

function againTests(platformOf, hand) {
  test(`with the ${hand.name}: an evaluation is run again as it was asked for, and finds the same`, async () => {
    const platform = await platformOf()
    const { modelId, datasetId } = await listed(platform, STORY_TUNED)
    const [name, later] = [`asked-${hand.name}`, `asked-again-${hand.name}`]
    const { id } = await platform.call('POST', '/evaluation/runs', { name, modelId, datasetId, ...ASKED })
    await visit(platform, { key: platform.key }, name, async (person) => {
      const { page } = person
      const box = (label) => page.getByRole('textbox', { name: label, exact: true })
      await person.go(`/evaluations/${id}`)
      await page.getByText('Succeeded', { exact: true }).first().waitFor()
      await press(hand, page, 'link', 'Run again')
      await page.waitForURL(new RegExp(`/evaluations/new\\?from=${id}`))
      await box('Seed').waitFor()
      for (const [label, value] of [['Most samples', '7'], ['Most tokens', '24'], ['At a time', '3'], ['Seed', '5']]) assert.equal(await box(label).inputValue(), value, label)
      for (const [label, thing] of [[/^Model/, TUNED], [/^Dataset/, 'capitals-heldout']]) await until(`${thing} is chosen`, async () => (await page.getByRole('combobox', { name: label }).inputValue()).startsWith(thing))
      assert.equal(await page.getByRole('checkbox', { checked: true }).count(), 2)
      await hand.write(page, box('Name'), later)
      await person.picture(`evaluation-again-${hand.name}`)
      await press(hand, page, 'button', 'Start evaluation')
      await page.getByRole('heading', { level: 1, name: later }).waitFor()
      await page.getByText('Succeeded', { exact: true }).first().waitFor()
      const [first, second] = await Promise.all([name, later].map((one) => listed(platform, one)))
      const asked = ({ modelId, datasetDigest, requestedMetrics, limit, concurrency, parameters }) => ({ modelId, datasetDigest, requestedMetrics, limit, concurrency, parameters })
      assert.deepEqual(asked(second), asked(first))
      assert.deepEqual(second.metrics, first.metrics, 'the same words from the same seed')
      await press(hand, page, 'tab', 'Same dataset')
      await page.getByRole('table', { name: 'Same dataset' }).getByRole('row').filter({ hasText: name }).first().waitFor()
    })
  })
}

export function measureTests(platformOf) {
  for (const hand of [mouse, keyboard]) {
    formTests(platformOf, hand)
    againTests(platformOf, hand)
    compareTests(platformOf, hand)
  }
}
