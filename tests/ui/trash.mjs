// What was deleted: back at once, back from the trash, or gone for good; and a platform without a trash.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { Platform } from './platform.mjs'
import { draft, press } from './work.mjs'

const WITH = { LLMOPS_TRASH_DAYS: '7' }

async function datasetOf(platform, name) {
  const dataset = await platform.call('POST', '/catalog/datasets', { name, version: '1.0.0', type: 'sft_pair' })
  await platform.upload(`/catalog/datasets/${dataset.id}/upload`, 'rows.jsonl', '{"prompt":"a","response":"b"}\n')
  return dataset
}

/** Something of each kind in the trash, for pages to show. */
export async function trashedOf(platform) {
  if ((await platform.call('GET', '/catalog/trash/models')).length) return
  const [model, dataset] = [await draft(platform, 'left-model'), await datasetOf(platform, 'left-dataset')]
  await platform.call('DELETE', `/catalog/models/${model.id}`)
  await platform.call('DELETE', `/catalog/datasets/${dataset.id}`)
}

/** Deletes what the page shows, by its menu. */
async function remove(hand, page, name) {
  await press(hand, page, 'button', 'More actions')
  await press(hand, page, 'menuitem', 'Delete')
  const dialog = page.getByRole('dialog', { name: `Delete ${name} 1.0.0?` })
  await dialog.getByText('If the platform has a trash').waitFor()
  await hand.press(page, dialog.getByRole('button', { name: 'Delete' }))
  await dialog.waitFor({ state: 'detached' })
}

export function trashTests() {
  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: what was deleted comes back, or goes for good`, async () => {
      const platform = await new Platform(undefined, WITH).start()
      const [model, dataset] = [await draft(platform, 'kept'), await datasetOf(platform, 'rows')]
      await visit(platform, { key: platform.key }, `trash-${hand.name}`, async (person) => {
        const { page } = person
        const notes = page.getByRole('region', { name: 'Notes' })
        person.expects(/status of 404/)
        await person.go(`/catalog/models/${model.id}`)
        await remove(hand, page, 'kept')
        await notes.getByText(/It can be brought back until .*\d/).waitFor()
        await person.picture(`trash-told-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await hand.press(page, notes.getByRole('button', { name: 'Restore' }))
        await notes.getByText('kept 1.0.0 is back').waitFor()
        await hand.press(page, notes.getByRole('button', { name: 'Open' }))
        await page.getByRole('heading', { name: 'kept 1.0.0' }).waitFor()
        await remove(hand, page, 'kept')
        await person.go(`/catalog/datasets/${dataset.id}`)
        await remove(hand, page, 'rows')

        await hand.press(page, page.getByRole('navigation').getByRole('link', { name: 'Trash' }))
        const row = page.getByRole('row').filter({ hasText: 'kept' })
        assert.match(await row.innerText(), /1\.0\.0[^]*in (6|7) days[^]*administrator[^]*2/)
        await person.picture(`trash-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await hand.press(page, row.getByRole('button', { name: 'Delete for good' }))
        const dialog = page.getByRole('dialog', { name: 'Delete kept 1.0.0 for good?' })
        assert.match(await dialog.innerText(), /its 2 files[^]*its card[^]*its reviews/)
        assert.ok(await dialog.getByRole('button', { name: 'Delete for good' }).isDisabled(), 'the name is typed first')
        await hand.write(page, dialog.getByRole('textbox'), 'kept')
        await person.picture(`trash-purge-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await hand.press(page, dialog.getByRole('button', { name: 'Delete for good' }))
        await page.getByText('No deleted model waits here').waitFor()
        await press(hand, page, 'tab', 'Models gone for good')
        await page.getByRole('row').filter({ hasText: 'kept' }).getByText(/\d kB freed|\d B freed/).waitFor()
        await person.picture(`trash-gone-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await press(hand, page, 'tab', 'Datasets')
        await hand.press(page, page.getByRole('row').filter({ hasText: 'rows' }).getByRole('button', { name: 'Restore' }))
        await page.getByText('No deleted dataset waits here').waitFor()
        assert.equal((await platform.call('GET', `/catalog/datasets/${dataset.id}`)).rows, 1)
        await assert.rejects(platform.call('GET', `/catalog/models/${model.id}`), /404/)
      })
      await platform.end()
    })
  }

  test('the trash is well on a phone, in Korean and in the dark, for who may only read; and there may be none', async () => {
    const platform = await new Platform(undefined, WITH).start()
    await trashedOf(platform)
    await visit(platform, { key: await platform.keyFor('vera', ['viewer']), width: 390, height: 844, theme: 'dark', language: 'ko' }, 'trash-narrow', async (person) => {
      const { page } = person
      await person.go('/catalog/trash')
      await page.getByRole('row').filter({ hasText: 'left-model' }).waitFor()
      assert.equal(await page.getByRole('button', { name: '복원' }).count(), 0)
      await person.picture('trash-narrow')
      assert.deepEqual(await person.axe(), [])
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0)
    })
    await platform.end()
    const without = await new Platform().start()
    const model = await draft(without, 'gone')
    await visit(without, { key: without.key }, 'trash-none', async (person) => {
      const { page } = person
      person.expects(/status of 404/)
      await person.go(`/catalog/models/${model.id}`)
      await remove(mouse, page, 'gone')
      const notes = page.getByRole('region', { name: 'Notes' })
      await notes.getByText('gone 1.0.0 is deleted').waitFor()
      assert.equal(await notes.getByRole('button', { name: 'Restore' }).count(), 0)
      await person.go('/catalog/trash')
      await page.getByText('or the platform has no trash').waitFor()
      await press(mouse, page, 'tab', 'Models gone for good')
      await page.getByRole('row').filter({ hasText: 'gone' }).getByText('freed').waitFor()
    })
    await without.end()
  })
}
