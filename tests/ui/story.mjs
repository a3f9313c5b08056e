// The whole main job on the start page: from an empty platform to a chat with the tuned model.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { Platform } from './platform.mjs'

/** What the start page offers, in its order; a training or a measurement goes on by itself. */
const STEPS = [
  ['Bring in speeches', 'Bring in'],
  ['Bring in capitals', 'Bring in'],
  ['Bring in other questions', 'Bring in'],
  ['Train a base model', 'Train'],
  ['Have the base approved', 'Hand in and approve'],
  ['Measure the base', 'Measure'],
  ['Fine-tune it', 'Fine-tune'],
  ['Measure the tuned model', 'Measure'],
  ['Have the tuned model approved', 'Hand in and approve'],
  ['Deploy it', 'Deploy'],
]
/** How long the longest step may take, in milliseconds. */
const LONGEST = 300_000

let data
/** The folder of a platform where the story was told, if it was. */
export const told = () => data

/** The base knows no answer, and the tuned model nine of ten or more. */
async function learned(platform) {
  const runs = await platform.call('GET', '/evaluation/runs')
  const scores = runs.map((run) => run.metrics.find(({ name }) => name === 'exact_match').value).sort()
  assert.equal(scores.length, 2)
  assert.ok(scores[0] === 0 && scores[1] >= 0.9, `exact match of base and tuned model: ${scores}`)
}

export function storyTests() {
  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: from an empty platform to a chat with the tuned model`, async () => {
      const platform = await new Platform().start()
      await visit(platform, {}, `story-${hand.name}`, async ({ page }) => {
        await page.goto(await platform.link())
        await page.getByRole('heading', { name: 'Getting started' }).waitFor()
        assert.ok(!page.url().includes('token'), 'the token is out of the address')
        for (const [title, does] of STEPS) {
          const step = page.getByRole('listitem').filter({ has: page.getByText(title, { exact: true }) })
          await hand.press(page, step.getByRole('button', { name: does, exact: true }))
          await step.locator('.lucide-check').first().waitFor({ timeout: LONGEST })
        }
        await hand.press(page, page.getByRole('link', { name: 'Open the chat' }))
        await page.waitForURL(/\/chat\?/)
        await hand.press(page, page.getByRole('button', { name: 'Send' }))
        // Whether it is right is what the evaluation says.
        await page.getByRole('log').getByText(/The capital of .+ is/).waitFor()
        await page.getByText(/tokens in, \d+ out/).first().waitFor()
      })
      await learned(platform)
      // Told twice, it is gone on with once.
      if (data) return platform.close()
      await platform.end()
      data = platform.data
    })
  }
}
