// What was typed into a form is not lost unasked: on the way to another page, back, or into another project.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { Platform } from './platform.mjs'
import { press } from './work.mjs'

export function leavingTests() {
  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: who leaves a form that he filled in is asked, and who typed nothing or sent it is not`, async () => {
      const platform = await new Platform().start()
      await platform.call('POST', '/governance/projects', { name: 'other' })
      await visit(platform, { key: platform.key }, `leaving-${hand.name}`, async (person) => {
        const { page } = person
        const dialog = page.getByRole('dialog', { name: 'Leave this form?' })
        const answer = async (word) => {
          await hand.press(page, dialog.getByRole('button', { name: word, exact: true }))
          await dialog.waitFor({ state: 'detached' })
        }
        const name = page.getByRole('textbox', { name: /^Name/ })
        const nav = (label) => press(hand, page, 'link', label)
        const toOther = async () => {
          await press(hand, page, 'button', 'Project default')
          await press(hand, page, 'menuitem', 'other')
        }
        await person.go('/catalog/models')
        await hand.press(page, page.locator('header').getByRole('link', { name: 'New model' }))
        await name.waitFor()
        await nav('Datasets')
        await page.waitForURL(/\/catalog\/datasets$/)
        await page.goBack()

        await hand.write(page, name, 'half-done')
        await nav('Datasets')
        await dialog.getByText('is not sent yet').waitFor()
        await person.picture(`leaving-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await answer('Stay')
        await page.goBack()
        await dialog.waitFor()
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'detached' })
        await toOther()
        await dialog.waitFor()
        await answer('Stay')
        await page.getByRole('button', { name: 'Project default' }).waitFor()
        assert.equal(await name.inputValue(), 'half-done')
        await toOther()
        await answer('Leave')
        await page.getByRole('button', { name: 'Project other' }).waitFor()
        await page.waitForURL(/\/catalog\/models$/)

        await hand.press(page, page.locator('header').getByRole('link', { name: 'New model' }))
        await hand.write(page, name, 'all-done')
        await press(hand, page, 'button', 'Create model')
        await page.waitForURL(/tab=files/)
        await page.getByRole('heading', { name: 'all-done 1.0.0' }).waitFor()
        assert.equal(await dialog.count(), 0)
        await press(hand, page, 'tab', 'Card')
        await hand.press(page, page.getByRole('button', { name: 'Edit', exact: true }).first())
        await hand.write(page, page.getByRole('textbox', { name: /^Purpose/ }), 'to be seen')
        // An arrow shows the next tab at once.
        if (hand === keyboard) await page.getByRole('tab', { name: 'Card' }).press('ArrowRight')
        else await press(hand, page, 'tab', 'Files')
        await answer('Stay')
        await page.getByRole('tab', { name: 'Card', selected: true }).waitFor()
        assert.equal(await page.getByRole('textbox', { name: /^Purpose/ }).inputValue(), 'to be seen')
        await press(hand, page, 'button', 'Save')
        await page.getByText('to be seen').waitFor()
        await nav('Datasets')
        await page.waitForURL(/\/catalog\/datasets$/)
      })
      await platform.end()
    })
  }
}
