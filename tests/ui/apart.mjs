// Work that is apart: in another project, and of a large file that came only in part.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { file, Platform } from './platform.mjs'
import { bring, press } from './work.mjs'

const MIB = 1 << 20
/** Slow enough that a file of some MiB is caught on its way. */
const SLOW = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 12 * MIB }

/** Weights of so many bytes, no two parts alike. */
function weights(bytes) {
  const room = bytes - 136
  const header = JSON.stringify({ a: { dtype: 'U8', shape: [room], data_offsets: [0, room] } }).padEnd(128)
  const made = Buffer.alloc(bytes)
  made.writeBigUInt64LE(128n)
  made.write(header, 8)
  for (let at = 136; at + 4 <= bytes; at += 4) made.writeUInt32LE(at, at)
  return made
}

export function projectTests() {
  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: a project is made, gone to and left, and another page follows`, async () => {
      const platform = await new Platform().start()
      await platform.call('POST', '/catalog/models', { name: 'of-default', version: '1.0.0', modelFamily: 'llama' })
      await visit(platform, { key: platform.key }, `project-${hand.name}`, async (person) => {
        const { page } = person
        await person.go('/catalog/models')
        await page.getByText('of-default').waitFor()
        const other = await person.newPage()
        await other.goto(`${platform.url}/catalog/models`)
        await other.getByText('of-default').waitFor()
        person.page = page
        await page.bringToFront()
        await press(hand, page, 'button', 'Project default')
        await press(hand, page, 'menuitem', 'New project')
        const dialog = page.getByRole('dialog')
        await hand.write(page, dialog.getByRole('textbox', { name: /^Name/ }), 'a b')
        await press(hand, page, 'button', 'Create project')
        assert.match(await dialog.innerText(), /letters, digits/i)
        await hand.write(page, dialog.getByRole('textbox', { name: /^Name/ }), 'support-bot')
        await person.picture(`projects-new-${hand.name}`)
        await press(hand, page, 'button', 'Create project')
        await page.getByRole('button', { name: 'Project support-bot' }).waitFor()
        await page.getByText('of-default').waitFor({ state: 'detached' })
        await other.getByRole('button', { name: 'Project support-bot' }).waitFor()
        await other.getByText('of-default').waitFor({ state: 'detached' })
        await other.close()

        await hand.press(page, page.locator('header').getByRole('link', { name: 'New model' }))
        await hand.write(page, page.getByRole('textbox', { name: /^Name/ }), 'of-support')
        await press(hand, page, 'button', 'Create model')
        await page.waitForURL(/tab=files/)
        const kept = await person.newPage()
        const follows = kept.waitForResponse((response) => response.url().endsWith('/llm-ops/v1/changes'))
        await kept.goto(page.url())
        await kept.getByRole('heading', { name: /^of-support/ }).waitFor()
        // What is looked at once more when changes are followed is asked in this project still.
        await follows
        await kept.waitForTimeout(1_000)
        person.page = page
        await page.bringToFront()
        await press(hand, page, 'button', 'Project support-bot')
        await page.getByRole('menuitem', { name: 'support-bot' }).waitFor()
        await person.picture(`projects-menu-${hand.name}`)
        await press(hand, page, 'menuitem', 'default')
        await page.waitForURL(/\/catalog\/models$/)
        await kept.waitForURL(/\/catalog\/models$/)
        await kept.getByText('of-default').waitFor()
        await page.getByText('of-default').waitFor()
        await page.getByText('of-support').waitFor({ state: 'detached' })
        assert.deepEqual(await person.axe(), [])
      })
      await platform.end()
    })
  }
}

/** Rows of so many bytes, no two parts alike; long ones, for they are read one by one. */
function rows(bytes) {
  const made = Buffer.alloc(bytes, '\n')
  const words = 'and so on and so forth '.repeat(2000)
  for (let at = 0, n = 0; at + words.length + 100 < bytes; n++) at += made.write(`${JSON.stringify({ text: `row ${n} ${words}` })}\n`, at)
  return made
}

const LARGE = {
  models: { path: 'model.safetensors', bytes: weights, made: { name: 'large', version: '1.0.0', modelFamily: 'llama' } },
  datasets: { path: 'rows.jsonl', bytes: rows, made: { name: 'large', version: '1.0.0', type: 'other' } },
}

export function partsTests() {
  for (const [things, { path: name, bytes: of, made }] of Object.entries(LARGE))
    test(`a large file of ${things} goes on where a closed page left it`, () => goesOn(things, made, name, of(60 * MIB)))
}

async function goesOn(things, made, name, bytes) {
  const platform = await new Platform().start()
  const owner = await platform.call('POST', `/catalog/${things}`, made)
  const at = `/catalog/${things}/${owner.id}`
  const path = file(name, bytes)
  await visit(platform, { key: platform.key }, `parts-${things}`, async (person) => {
    const { page } = person
    await person.go(`${at}?tab=files`)
    const slow = await page.context().newCDPSession(page)
    await slow.send('Network.enable')
    await slow.send('Network.emulateNetworkConditions', SLOW)
    await bring(mouse, page, path)
    const bar = page.getByRole('region', { name: 'Uploads' }).getByRole('progressbar')
    // Parts under way count too, and are gone with the page.
    await page.waitForFunction((bar) => Number(bar.ariaValueNow) > 60, await bar.elementHandle())
    page.once('dialog', (dialog) => dialog.accept())
    await page.reload()
    const left = page.getByRole('heading', { name: 'Unfinished uploads' })
    await left.waitFor()
    await person.picture(`parts-left-${things}`)
    assert.deepEqual(await person.axe(), [])
    await slow.send('Network.emulateNetworkConditions', { ...SLOW, uploadThroughput: -1 })
    const before = (await platform.call('GET', `${at}/uploads`))[0]
    assert.ok(before.receivedBytes >= 8 * MIB && before.receivedBytes < bytes.length, `${before.receivedBytes} bytes had come`)
    await bring(mouse, page, path)
    await page.getByRole('region', { name: 'Uploads' }).getByText('Done').waitFor({ timeout: 60_000 })
    await left.waitFor({ state: 'detached' })
    const uploads = await platform.call('GET', `${at}/uploads`)
    assert.deepEqual(uploads.map((one) => [one.id, one.state]), [[before.id, 'complete']])
    const [there] = await platform.call('GET', `${at}/files`)
    assert.equal(there.sha256, createHash('sha256').update(bytes).digest('hex'))
    if (things === 'models') assert.equal((await platform.call('POST', `${at}/verify`, {})).verified, true)
  })
  await platform.end()
}
