// The form of a training job: what it says before anything is sent, what it sends, the same as JSON, and a job that asks for what another did.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { until } from './platform.mjs'
import { press } from './work.mjs'

/** Finds a thing by its name in a picker of the form. */
export async function pick(hand, page, label, name) {
  const picker = page.getByRole('combobox', { name: label })
  await hand.write(page, picker, name)
  const option = page.getByRole('option', { name }).first()
  await hand.press(page, option)
  await option.waitFor({ state: 'detached' })
  assert.match(await picker.inputValue(), new RegExp(name))
}

/** Choices that no job has by itself. */
const CHOSEN = { checkpointEvery: 700, maxDurationSeconds: 7200, priority: 4, retryPolicy: { maxRetries: 2, backoffSeconds: 30 } }
const SHAPE = { hiddenSize: 48, layers: 2, heads: 4, kvHeads: 2, intermediateSize: 96, vocabulary: 512, context: 64 }
const LEARNING = { maxSteps: 90_000, batchSize: 3, maxSeqLen: 24, lr: 0.0015, seed: 7, warmup: 11 }

function againTests(platformOf, hand) {
  test(`with the ${hand.name}: a job is submitted again with all that it was asked for, and one change`, async () => {
    const platform = await platformOf()
    const name = `again-${hand.name}`
    const [data] = await platform.call('GET', '/catalog/datasets?name=speeches')
    const before = await platform.call('POST', '/training/jobs', { name, jobType: 'from_scratch', datasetId: data.id, architecture: SHAPE, hyperparams: LEARNING, output: { name: `${name}-made` }, ...CHOSEN })
    await platform.call('DELETE', `/training/jobs/${before.id}`)
    await visit(platform, { key: platform.key }, name, async (person) => {
      const { page } = person
      await person.go(`/training/jobs/${before.id}`)
      await page.getByText('Cancelled', { exact: true }).first().waitFor()
      await press(hand, page, 'link', 'Submit again')
      await page.waitForURL(new RegExp(`submit\\?from=${before.id}`))
      const number = (label) => page.getByRole('textbox', { name: label, exact: true })
      await number('Steps').waitFor()
      for (const [label, value] of [['Width', '48'], ['Batch size', '3'], ['Learning rate', '0.0015'], ['Name', name], ['Name of the new model', `${name}-made`]]) assert.equal(await number(label).inputValue(), value, label)
      assert.ok(await page.getByRole('radio', { name: /^From scratch/ }).isChecked())
      await until('the dataset is named', async () => /speeches/.test(await page.getByRole('combobox', { name: /^Dataset/ }).inputValue()))
      await hand.write(page, number('Steps'), '80000')
      await page.getByRole('complementary', { name: 'Beside the form' }).getByText('80,000', { exact: true }).first().waitFor()
      await person.picture(`job-again-${hand.name}`)
      assert.deepEqual(await person.axe(), [])
      await press(hand, page, 'button', 'Submit job')
      await page.waitForURL((url) => /\/training\/jobs\/[0-9a-f-]{36}$/.test(url.pathname))
      await page.getByRole('heading', { level: 1, name }).waitFor()
      const after = await platform.call('GET', `/training/jobs/${new URL(page.url()).pathname.split('/').at(-1)}`)
      await platform.call('DELETE', `/training/jobs/${after.id}`)
      assert.notEqual(after.id, before.id)
      assert.deepEqual([after.name, after.jobType, after.datasetId], [name, before.jobType, before.datasetId])
      assert.deepEqual(after.spec, { ...before.spec, hyperparams: { ...before.spec.hyperparams, maxSteps: 80_000 } })
    })
  })
}

export function jobTests(platformOf) {
  for (const hand of [mouse, keyboard]) {
    againTests(platformOf, hand)

    test(`with the ${hand.name}: a job is estimated, refused where it is wrong, written as JSON, and submitted`, async () => {
      const platform = await platformOf()
      const name = `formed-${hand.name}`
      await visit(platform, { key: platform.key }, `job-form-${hand.name}`, async (person) => {
        const { page } = person
        person.expects(/status of 4\d\d/)
        const estimate = page.getByRole('complementary', { name: 'Beside the form' })
        await person.go('/training/jobs')
        await press(hand, page, 'link', 'New job')
        await press(hand, page, 'button', 'Submit job')
        await page.getByText('This is needed').first().waitFor()
        await estimate.getByText('Choose the dataset').waitFor()

        await hand.press(page, page.getByRole('radio', { name: /^From scratch/ }))
        await page.getByRole('spinbutton', { name: 'Layers' }).or(page.getByRole('textbox', { name: 'Layers' })).waitFor()
        await pick(hand, page, /^Dataset/, 'speeches')
        await hand.write(page, page.getByRole('textbox', { name: /^Name$/ }), name)
        const number = (label) => page.getByRole('textbox', { name: label, exact: true })
        for (const [label, value] of [['Width', '32'], ['Layers', '1'], ['Heads', '2'], ['Key/value heads', '2'], ['Inner width', '64'], ['Vocabulary', '400'], ['Context', '32'], ['Steps', '3'], ['Batch size', '2'], ['Longest example', '16']])
          await hand.write(page, number(label), value)
        const steps = (n) => estimate.locator('dl').getByText(n, { exact: true }).first()
        await steps('3').waitFor()

        await hand.write(page, number('Vocabulary'), '300')
        await page.getByText('must be 384 to').first().waitFor()
        assert.equal(await number('Vocabulary').getAttribute('aria-invalid'), 'true')
        await person.picture(`job-refused-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await hand.write(page, number('Vocabulary'), '400')
        await steps('3').waitFor()

        await press(hand, page, 'tab', 'JSON')
        const json = page.getByRole('textbox', { name: 'Request as JSON' })
        const request = JSON.parse(await json.inputValue())
        assert.deepEqual([request.jobType, request.name, request.hyperparams.maxSteps, request.architecture.hiddenSize], ['from_scratch', name, 3, 32])
        await hand.write(page, json, '{"jobType": ')
        await page.getByText('This is no JSON object yet').waitFor()
        await hand.write(page, json, JSON.stringify({ ...request, colour: 'blue' }))
        await page.getByText('Not known: colour').waitFor()
        await hand.write(page, json, JSON.stringify({ ...request, hyperparams: { ...request.hyperparams, maxSteps: 90_000 } }))
        await press(hand, page, 'tab', 'Form')
        assert.equal(await number('Steps').inputValue(), '90000')
        await steps('90,000').waitFor()
        await press(hand, page, 'button', 'Submit job')
        await page.getByRole('heading', { level: 1, name }).waitFor()
        const job = (await platform.call('GET', '/training/jobs')).find((one) => one.name === name)
        assert.deepEqual([job.jobType, job.spec.hyperparams.maxSteps, job.spec.hyperparams.batchSize], ['from_scratch', 90_000, 2])
        await page.getByText('Running', { exact: true }).first().waitFor()
        await platform.call('DELETE', `/training/jobs/${job.id}`)
      })
    })
  }
}
