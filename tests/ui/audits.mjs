// The audit log: found by who did what with which outcome, one entry in full, verified, and taken along as a file that proves itself.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { folder } from './platform.mjs'
import { draft, press } from './work.mjs'

const ACTION = 'catalog.set_model_status'

/** Somebody who may look, and was refused what he may not. */
async function refused(platform, name, model) {
  const key = await platform.keyFor(name, ['viewer'])
  await assert.rejects(platform.call('PATCH', `/catalog/models/${model.id}/status`, { status: 'under_review' }, key), /403/)
  return key
}

/** The rows as cells: what, outcome, who. */
const rows = (page) => page.getByRole('row').evaluateAll((all) => all.slice(1).map((row) => [...row.querySelectorAll('[role=cell]')].slice(0, 3).map((cell) => cell.innerText.split('\n')[0].trim())))

/** Waits until the list shows these entries and no others. */
async function shows(page, what, fits) {
  for (let tries = 0; tries < 80; tries += 1) {
    const now = await rows(page)
    if (now.length && now.every(fits)) return now
    await page.waitForTimeout(100)
  }
  assert.fail(`the list is not of ${what} alone: ${JSON.stringify(await rows(page))}`)
}

function findTests(platformOf, hand) {
  test(`with the ${hand.name}: entries are found by who, what and outcome; a link shows the same, and one of them in full`, async () => {
    const platform = await platformOf()
    const [name, model] = [`curious-${hand.name}`, await draft(platform, `watched-${hand.name}`)]
    await refused(platform, name, model)
    const link = await visit(platform, { key: platform.key }, `audit-${hand.name}`, async (person) => {
      const { page } = person
      await person.go('/governance/audit')
      await hand.choose(page, page.getByRole('combobox', { name: 'Outcome' }), 'Denied')
      await page.waitForURL(/result=denied/)
      await shows(page, 'refusals', ([, result]) => result === 'Denied')
      await hand.choose(page, page.getByRole('combobox', { name: 'Action' }), ACTION)
      await page.waitForURL(new RegExp(`action=${ACTION}`))
      await shows(page, `refusals of ${ACTION}`, ([action, result]) => action === ACTION && result === 'Denied')
      await hand.write(page, page.getByRole('searchbox', { name: 'Filter by who did it' }), name)
      await page.waitForURL(new RegExp(`actor=${name}`))
      assert.deepEqual(await shows(page, name, ([, , actor]) => actor === name), [[ACTION, 'Denied', name]])
      await person.picture(`audit-${hand.name}`)
      assert.deepEqual(await person.axe(), [])
      return page.url()
    })
    await visit(platform, { key: platform.key }, `audit-sent-${hand.name}`, async (person) => {
      const { page } = person
      await page.goto(link)
      await shows(page, name, ([, , actor]) => actor === name)
      await hand.press(page, page.locator('[data-row-link]').first())
      const entry = page.getByRole('dialog', { name: 'Entry of the log' })
      const [told] = await platform.call('GET', `/governance/audit/logs?actor=${name}&result=denied`)
      for (const fact of [ACTION, 'Denied', name, told.reason]) await entry.getByText(fact, { exact: true }).first().waitFor()
      assert.match(await entry.innerText(), new RegExp(told.metadata.requestId))
      assert.deepEqual(await person.axe(), [])
      await page.reload()
      await entry.getByText(told.hash.slice(0, 24)).waitFor()
      await page.keyboard.press('Escape')
      await entry.waitFor({ state: 'detached' })
      assert.equal(page.url(), link)

      // What holds is taken away piece by piece.
      for (const filter of ['Outcome', 'Action']) await hand.press(page, page.getByRole('button', { name: `Without the filter ${filter}` }))
      await page.waitForURL((url) => url.search === `?actor=${name}`)
      await hand.write(page, page.getByRole('searchbox', { name: 'Filter by who did it' }), 'nobody-at-all')
      await page.getByText('Nothing matches these filters').waitFor()
      await press(hand, page, 'button', 'Clear filters')
      await page.waitForURL(/\/audit$/)
      await page.getByRole('row').nth(10).waitFor()
    })
  })
}

/** Exports as somebody does, and hands on what the browser wrote. */
async function exported(hand, page, choice) {
  await press(hand, page, 'button', 'Export the whole log')
  const coming = page.waitForEvent('download')
  await press(hand, page, 'menuitem', choice)
  const download = await coming
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') }
}

/** What the command line says of an export, and whether it accepts it. */
function verified(text) {
  const path = join(folder(), 'audit.jsonl')
  writeFileSync(path, text)
  try {
    return { right: true, ...JSON.parse(execFileSync('llmops-server', ['audit', 'verify', path, '--json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) }
  } catch (failure) {
    return { right: false, ...JSON.parse(failure.stdout) }
  }
}

function proofTests(platformOf, hand) {
  test(`with the ${hand.name}: the log is verified here, and exported into a file that is verified elsewhere`, async () => {
    const platform = await platformOf()
    await visit(platform, { key: platform.key }, `proof-${hand.name}`, async (person) => {
      const { page } = person
      await person.go('/governance/audit')
      await page.getByRole('row').nth(1).waitFor()
      await press(hand, page, 'button', 'Verify')
      const dialog = page.getByRole('dialog', { name: 'Is the log unaltered?' })
      await dialog.getByText('The log is complete and unaltered.').waitFor()
      const { entries } = await platform.call('GET', '/governance/audit/verify')
      await dialog.getByText(`${entries.toLocaleString('en-GB')} entries are right`).waitFor()
      await person.picture(`verified-${hand.name}`)
      assert.deepEqual(await person.axe(), [])
      await hand.press(page, dialog.getByRole('button', { name: 'Close' }))
      await dialog.waitFor({ state: 'detached' })

      const { name, text } = await exported(hand, page, 'JSON lines, to verify elsewhere')
      assert.equal(name, 'audit.jsonl')
      const lines = text.trimEnd().split('\n').map((line) => JSON.parse(line))
      assert.deepEqual(lines.slice(0, -1).map(({ seq }) => seq), lines.slice(0, -1).map((_, at) => at + 1))
      assert.ok(lines.length > 40 && lines.slice(0, -1).every(({ actor, action, result }) => actor && action && result))
      const { right, entries: proven, hash } = verified(text)
      assert.deepEqual([right, proven, hash], [true, lines.length - 1, lines.at(-1).end.hash])
      assert.equal(verified(text.replace(lines[7].id, lines[8].id)).right, false, 'what was altered is found')
      assert.equal(verified(text.trimEnd().split('\n').slice(0, -2).join('\n')).right, false, 'what is missing is found')

      const table = await exported(hand, page, 'CSV, for spreadsheets')
      assert.equal(table.name, 'audit.csv')
      assert.match(table.text, /^seq,/)
      assert.ok(table.text.includes(lines[0].id) && table.text.includes(lines.at(-2).id))
    })
  })
}

export function auditTests(platformOf) {
  for (const hand of [mouse, keyboard]) {
    findTests(platformOf, hand)
    proofTests(platformOf, hand)
  }

  test('who may look at the log but not prove it is offered neither proof nor export', async () => {
    const platform = await platformOf()
    const key = await platform.keyFor('onlooker', ['viewer'])
    await visit(platform, { key }, 'audit-viewer', async (person) => {
      const { page } = person
      await person.go('/governance/audit')
      await page.getByRole('row').nth(1).waitFor()
      for (const name of ['Verify', 'Export the whole log']) assert.equal(await page.getByRole('button', { name }).count(), 0)
    })
  })
}
