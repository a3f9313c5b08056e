// What is said of a draft after it was made: a client that sends files alone leaves that to a person.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { press } from './work.mjs'

export function draftTests(platformOf) {
  for (const hand of [mouse, keyboard]) {
    const by = `with the ${hand.name}`

    test(`${by}: a draft that nobody said the purpose of gets a type and columns`, async () => {
      const platform = await platformOf()
      const name = `pushed-${hand.name}`
      const { id } = await platform.call('POST', '/catalog/datasets', { name, version: '1.0.0', type: 'other' })
      await platform.upload(`/catalog/datasets/${id}/upload`, 'rows.jsonl', '{"question": "1 + 1?", "response": "2"}')
      await visit(platform, { key: platform.key }, name, async (person) => {
        const { page } = person
        await person.go(`/catalog/datasets/${id}`)
        await press(hand, page, 'button', 'More actions')
        await press(hand, page, 'menuitem', 'Type and columns')
        const dialog = page.getByRole('dialog', { name: 'What it is for' })
        await hand.choose(page, dialog.getByRole('combobox', { name: 'Type' }), 'Prompt and response')
        await hand.write(page, dialog.getByRole('textbox', { name: 'prompt' }), 'question')
        assert.deepEqual(await person.axe(), [])
        await hand.press(page, dialog.getByRole('button', { name: 'Save' }))
        await page.getByText(`${name} is now of the type`).waitFor()
        const made = await platform.call('GET', `/catalog/datasets/${id}`)
        assert.deepEqual([made.type, made.columns], ['sft_pair', { prompt: 'question' }])
      })
    })
  }
}
