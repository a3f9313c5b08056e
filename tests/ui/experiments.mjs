// Experiments: two runs chosen in the list, their curves over each other, what they were given where it differs, what they came to.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { until } from './platform.mjs'
import { press } from './work.mjs'

const [BASE, TUNED] = ['quickstart-base', 'quickstart-capitals']

/** The runs of the story, by name. */
async function runsOf(platform) {
  const found = await platform.call('POST', '/experiments/search', { filter: "name ILIKE 'quickstart-%'" })
  return Object.fromEntries(found.map((run) => [run.name, run]))
}

/** Selects both rows and goes on: with the boxes and the button, or with the keys of the list alone. */
async function choose(hand, page) {
  const rows = page.getByRole('table', { name: 'Experiments' }).getByRole('row')
  const compare = page.getByRole('link', { name: /^Compare \d/ })
  if (hand === mouse) {
    await rows.nth(1).getByRole('checkbox').click()
    assert.equal(await compare.count(), 0, 'one is not compared')
    await rows.nth(2).getByRole('checkbox').click()
    await compare.getByText('Compare 2').click()
    return
  }
  // Out of the field, where letters are text.
  await page.keyboard.press('Tab')
  await page.keyboard.type('jx')
  assert.equal(await compare.count(), 0, 'one is not compared')
  await page.keyboard.type('jx')
  await compare.waitFor()
  await page.keyboard.type('c')
}

/** How many dots of each colour of a run the chart holds, where there are any. */
const drawn = (page) => page.getByRole('img', { name: /^Curves: / }).locator('canvas').evaluate((canvas) => {
  const style = getComputedStyle(document.documentElement)
  const plain = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true })
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  const dots = []
  for (let number = 1; number <= 8; number += 1) {
    plain.fillStyle = style.getPropertyValue(`--series-${number}`).trim()
    plain.fillRect(0, 0, 1, 1)
    const [red, green, blue] = plain.getImageData(0, 0, 1, 1).data
    let count = 0
    for (let at = 0; at < data.length; at += 4) count += data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] > 200
    if (count > 20) dots.push(count)
  }
  return dots
})

/** Parameters by their parts, as a page shows those that are JSON. */
const byParts = (params, before = '') => Object.fromEntries(Object.entries(params).flatMap(([name, value]) => {
  const inner = String(value).startsWith('{') ? JSON.parse(value) : typeof value === 'object' && value
  return inner ? Object.entries(byParts(inner, `${before}${name} › `)) : [[before + name, String(value)]]
}))

/** A table as its lines of cells. */
const cells = (table) => table.evaluate((table) => [...table.querySelectorAll('tr')].slice(1).map((row) => [...row.children].map((cell) => cell.innerText.trim())))

/** Moves the slider to somewhere above nothing. */
async function smooth(hand, page) {
  const slider = page.getByRole('slider', { name: 'Smoothing' })
  await hand.press(page, slider)
  if (hand === keyboard) for (let times = 0; times < 30; times += 1) await page.keyboard.press('ArrowRight')
  await page.waitForURL(/smooth=0\.\d/)
}

async function curves(hand, page, runs) {
  await until('both curves are drawn', async () => (await drawn(page)).length === 2)
  const legend = page.locator('.u-legend')
  for (const name of [BASE, TUNED]) await legend.getByText(name, { exact: true }).waitFor()
  // The same for who does not see the chart.
  const told = await cells(page.getByRole('table', { name: 'Curves: loss' }))
  assert.deepEqual(told.map(([name, points]) => [name, Number(points)]).sort(), [BASE, TUNED].map((name) => [name, runs[name].metrics.loss.points]))
  for (const [name, , last] of told) assert.ok(Math.abs(Number(last) / runs[name].metrics.loss.last - 1) < 0.01, `${name} ends at ${last}`)
  await hand.press(page, page.getByRole('switch', { name: 'Log scale' }))
  await page.waitForURL(/scale=log/)
  await smooth(hand, page)
  await hand.choose(page, page.getByRole('combobox', { name: 'Metric' }), 'grad_norm')
  await page.waitForURL(/metric=grad_norm/)
  await page.getByRole('img', { name: 'Curves: grad_norm' }).waitFor()
  await until('both curves are drawn again', async () => (await drawn(page)).length === 2)
}

async function tables(hand, page, runs) {
  const params = page.getByRole('region', { name: 'Parameters' }).getByRole('table')
  const [base, tuned] = [BASE, TUNED].map((name) => byParts(runs[name].params))
  const names = [...new Set([...Object.keys(base), ...Object.keys(tuned)])].sort()
  const differing = names.filter((name) => base[name] !== tuned[name])
  const shown = async () => (await cells(params)).map(([name]) => name)
  assert.deepEqual(await shown(), differing)
  assert.ok(differing.some((name) => name.startsWith('architecture › ')), 'an architecture stands by its parts')
  assert.ok(!differing.includes('seed') && differing.includes('lr'))
  await press(hand, page, 'switch', 'Show what is the same')
  await page.waitForURL(/same=shown/)
  assert.deepEqual(await shown(), names)

  const values = page.getByRole('region', { name: 'Metrics' }).getByRole('table')
  const [, first] = (await values.getByRole('columnheader').allInnerTexts()).map((text) => text.trim())
  const loss = async () => (await cells(values)).find(([name]) => name === 'loss').slice(1).map(Number)
  const near = (told, choice) => told.forEach((value, at) => {
    const run = runs[(at === 0) === (first === BASE) ? BASE : TUNED]
    assert.ok(Math.abs(value / run.metrics.loss[choice] - 1) < 0.01, `${choice} of ${run.name}: ${value}`)
  })
  near(await loss(), 'last')
  const best = values.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'loss', exact: true }) }).getByRole('cell').filter({ has: page.getByRole('img', { name: 'Best' }) })
  assert.ok(Math.abs(Number(await best.innerText()) / runs[TUNED].metrics.loss.last - 1) < 0.01, 'the least loss is the best')
  await hand.choose(page, page.getByRole('combobox', { name: 'Which value' }), 'Greatest')
  await page.waitForURL(/value=max/)
  near(await loss(), 'max')
}

/** Several parameters with long values, at any width: every axis is in sight, and a long value is shown whole when somebody asks. */
function longTests(platformOf, hand) {
  test(`with the ${hand.name}: many long parameters are compared without anything cut off`, async () => {
    const platform = await platformOf()
    const run = async (at) => (await platform.call('POST', '/experiments/runs', { name: `long-${hand.name}`, params: { ...Object.fromEntries(['alpha', 'beta', 'gamma', 'delta', 'epsilon'].map((name) => [name, `${at}`])), prompt: `You are number ${at}. ${'Answer in one sentence. '.repeat(9)}The end.` } })).id
    const ids = [await run(1), await run(2), await run(3)]
    for (const width of [1440, 390]) {
      await visit(platform, { key: platform.key, width }, `compare-long-${hand.name}-${width}`, async (person) => {
        const { page } = person
        await person.go(`/experiments/compare?runs=${ids.join(',')}`)
        const plot = page.locator('section').filter({ has: page.getByRole('heading', { name: 'What differs, side by side' }) })
        await plot.locator('svg text').first().waitFor()
        const titles = await plot.locator('svg').evaluateAll((rows) => rows.flatMap((row) => [...row.querySelectorAll('title')].map((title) => [title.textContent, row.getBoundingClientRect().left <= title.parentElement.getBoundingClientRect().left && row.getBoundingClientRect().right >= title.parentElement.getBoundingClientRect().right])))
        assert.deepEqual(titles, ['alpha', 'beta', 'delta', 'epsilon', 'gamma', 'prompt'].map((name) => [name, true]))
        const chips = await page.getByRole('link', { name: new RegExp(`^long-${hand.name} `) }).allInnerTexts()
        assert.deepEqual(chips, ids.map((id) => `long-${hand.name} ${id.slice(-4)}`), 'runs of one name are told apart')
        const params = page.getByRole('region', { name: 'Parameters' }).getByRole('table')
        const height = async () => (await params.getByRole('row').filter({ hasText: 'prompt' }).boundingBox()).height
        const before = await height()
        await hand.press(page, params.getByRole('button', { name: /^Show all of it.*prompt/ }))
        await params.getByRole('button', { name: /^Show less.*prompt/ }).waitFor()
        assert.ok((await height()) > before)
        await person.picture(`compare-long-${hand.name}-${width}`)
        assert.deepEqual(await person.axe(), [])
      })
    }
  })
}

async function parallel(hand, page) {
  const table = await cells(page.getByRole('table', { name: 'What differs, side by side' }))
  assert.deepEqual(table.map(([name]) => name).sort(), [BASE, TUNED])
  const line = page.getByRole('list', { name: 'Runs' }).getByRole('button', { name: TUNED })
  await hand.press(page, line)
  assert.equal(await line.getAttribute('aria-pressed'), 'true')
}

export function experimentTests(platformOf) {
  for (const hand of [mouse, keyboard]) {
    longTests(platformOf, hand)
    test(`with the ${hand.name}: two runs are found, chosen and compared, and a link shows the same`, async () => {
      const platform = await platformOf()
      const runs = await runsOf(platform)
      const link = await visit(platform, { key: platform.key }, `experiments-${hand.name}`, async (person) => {
        const { page } = person
        await person.go('/experiments')
        await hand.write(page, page.getByRole('searchbox', { name: 'Filter runs' }), "name ILIKE 'quickstart-%'")
        await press(hand, page, 'button', 'Find')
        await page.waitForURL(/filter=/)
        await until('both runs are there, and no other', async () => (await page.locator('[data-row-link]').allInnerTexts()).sort().join() === `${BASE},${TUNED}`)
        await choose(hand, page)
        await page.waitForURL(/\/experiments\/compare\?runs=/)
        await curves(hand, page, runs)
        await parallel(hand, page)
        await tables(hand, page, runs)
        await person.picture(`runs-compared-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        return page.url()
      })
      await visit(platform, { key: platform.key, theme: 'dark' }, `experiments-sent-${hand.name}`, async (person) => {
        const { page } = person
        await page.goto(link)
        await page.getByRole('img', { name: 'Curves: grad_norm' }).waitFor()
        await until('both curves are drawn in the dark', async () => (await drawn(page)).length === 2)
        for (const name of ['Log scale', 'Show what is the same']) assert.equal(await page.getByRole('switch', { name }).getAttribute('aria-checked'), 'true')
        await press(hand, page, 'button', `Take ${BASE} away`)
        await page.getByText('Choose two runs or more').waitFor()
        assert.match(page.url(), new RegExp(`runs=${runs[TUNED].id}(&|$)`))
        await hand.write(page, page.getByRole('combobox', { name: 'Add a run' }), BASE)
        await hand.press(page, page.getByRole('option', { name: BASE }).first())
        await until('both curves are drawn once more', async () => (await drawn(page).catch(() => [])).length === 2)
      })
    })
  }
}
