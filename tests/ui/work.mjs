// What people do besides: bring in a file that is none, review, cancel, go back to the revision before.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { file, Platform, until } from './platform.mjs'

const CARD = { purpose: 'p', scope: 's', contact: 'c', license: 'CC0-1.0' }

/** One number as safetensors. */
const HEADER = JSON.stringify({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } })
const TENSORS = Buffer.concat([Buffer.from([HEADER.length, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(HEADER), Buffer.from([0, 0, 128, 63])])

/** A model that waits for what its test does with it. */
export async function draft(platform, name) {
  const model = await platform.call('POST', '/catalog/models', { name, version: '1.0.0', type: 'base', modelFamily: 'llama', metadata: CARD })
  await platform.upload(`/catalog/models/${model.id}/upload`, 'config.json', '{}')
  await platform.upload(`/catalog/models/${model.id}/upload`, 'model.safetensors', TENSORS)
  return model
}

export const press = (hand, page, role, name) => hand.press(page, page.getByRole(role, { name, exact: true }))

/** Shows a piece of work as it looks under way: the platform is through before anybody could look. `is` tells what becomes of it. */
export async function slowed(page, path, done) {
  let now = { ...done, state: 'running', progress: { rows: 3, bytes: 1200, totalBytes: 4000 }, finishedAt: null }
  const is = (change) => (now = { ...now, ...change })
  const answer = (route) => route.fulfill({ json: { status: 'success', message: '', data: now } })
  await page.route(`**/llm-ops/v1${path}`, answer)
  await page.route(`**/llm-ops/v1${path}/events`, (route) => route.fulfill({ contentType: 'text/event-stream', body: `data: ${JSON.stringify(now)}\n\n` }))
  await page.route(`**/llm-ops/v1${path}/cancel`, (route) => {
    is({ state: 'cancelled' })
    return answer(route)
  })
  return { is }
}

/** Chooses a file in the browser's own dialog. */
export async function bring(hand, page, path) {
  const input = page.locator('input[type=file]:not([webkitdirectory])')
  const asked = page.waitForEvent('filechooser')
  await hand.press(page, hand === mouse ? page.locator('label').filter({ has: input }) : input)
  await (await asked).setFiles(path)
}

export function workTests(platformOf) {
  for (const hand of [mouse, keyboard]) {
    const by = `with the ${hand.name}`
    const mark = hand.name

    test(`${by}: a bad file is refused with what to do, and a good one comes in`, async () => {
      const platform = await platformOf()
      await visit(platform, { key: platform.key }, `upload-${mark}`, async (person) => {
        const { page } = person
        person.expects(/status of 4\d\d/)
        await person.go('/catalog/models')
        await press(hand, page, 'link', 'New model')
        await hand.write(page, page.getByRole('textbox', { name: /^Name/ }), `upload-${mark}`)
        await press(hand, page, 'button', 'Create model')
        await page.waitForURL(/tab=files/)
        await bring(hand, page, file('model.safetensors', 'these are no tensors'))
        const uploads = page.getByRole('region', { name: 'Uploads' })
        const refusal = uploads.getByRole('alert')
        await refusal.waitFor()
        assert.match(await refusal.innerText(), /states a header longer than the file[^]*check the file where it was made/)
        await bring(hand, page, file('config.json', '{"architectures":["LlamaForCausalLM"]}'))
        await uploads.getByText('Done').waitFor()
        await page.getByRole('table').getByText('config.json').waitFor()
        assert.equal(await page.getByRole('table').getByText('model.safetensors').count(), 0)
      })
    })

    test(`${by}: one hands in, another approves, and the first sees it at once`, async () => {
      const platform = await platformOf()
      const model = await draft(platform, `reviewed-${mark}`)
      const reviewer = await platform.keyFor(`rita-${mark}`, ['reviewer'])
      await visit(platform, { key: platform.key }, `author-${mark}`, async (author) => {
        await author.go(`/catalog/models/${model.id}`)
        await press(hand, author.page, 'button', 'Submit for review')
        await author.page.getByText('Under review').first().waitFor()
        await visit(platform, { key: reviewer }, `reviewer-${mark}`, async (rita) => {
          const { page } = rita
          await rita.go(`/catalog/models/${model.id}`)
          await press(hand, page, 'button', 'Review…')
          const dialog = page.getByRole('dialog')
          await hand.choose(page, dialog.getByRole('combobox', { name: /Decision/ }), 'Request changes')
          const send = dialog.getByRole('button', { name: 'Send decision' })
          assert.ok(await send.isDisabled(), 'changes are not asked for without a reason')
          await hand.choose(page, dialog.getByRole('combobox', { name: /Decision/ }), 'Approve')
          await hand.write(page, dialog.getByLabel(/Reason/), 'as it should be')
          await hand.press(page, send)
          await dialog.waitFor({ state: 'detached' })
          await page.getByText('Approved').first().waitFor()
        })
        await author.page.getByText('Approved').first().waitFor()
        await press(hand, author.page, 'tab', 'Reviews')
        await author.page.getByText('as it should be').waitFor()
      })
    })

    test(`${by}: a job is cancelled after the page said what that means`, async () => {
      const platform = await platformOf()
      const [data] = await platform.call('GET', '/catalog/datasets?name=speeches')
      const job = await platform.call('POST', '/training/jobs', {
        name: `long-${mark}`,
        jobType: 'from_scratch',
        architecture: { hiddenSize: 64, layers: 2, heads: 4, kvHeads: 2, intermediateSize: 128, vocabulary: 512, context: 64 },
        hyperparams: { maxSteps: 100_000, batchSize: 4, maxSeqLen: 32 },
        datasetId: data.id,
      })
      await visit(platform, { key: platform.key }, `cancel-${mark}`, async (person) => {
        const { page } = person
        await person.go(`/training/jobs/${job.id}`)
        await page.getByText('Running', { exact: true }).first().waitFor()
        await press(hand, page, 'button', 'Cancel job')
        const dialog = page.getByRole('dialog', { name: `Cancel long-${mark}?` })
        await dialog.getByText('It ends without a model.').waitFor()
        await hand.press(page, dialog.getByRole('button', { name: 'Cancel job' }))
        await page.getByText('Cancelled', { exact: true }).first().waitFor()
      })
    })

    test(`${by}: an endpoint goes to a new revision and back`, async () => {
      const platform = await platformOf()
      const [endpoint] = await platform.call('GET', '/serving/endpoints')
      const revision = async () => (await platform.call('GET', `/serving/endpoints/${endpoint.id}`)).revision
      const before = await revision()
      await visit(platform, { key: platform.key }, `rollback-${mark}`, async (person) => {
        const { page } = person
        await person.go(`/serving/endpoints/${endpoint.id}`)
        await page.getByText('Healthy').first().waitFor()
        await press(hand, page, 'button', 'More actions')
        await press(hand, page, 'menuitem', 'Redeploy')
        await hand.press(page, page.getByRole('dialog').getByRole('button', { name: 'Redeploy' }))
        await until('the new revision answers', async () => (await revision()) > before)
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        await press(hand, page, 'button', 'More actions')
        await press(hand, page, 'menuitem', 'Roll back')
        const dialog = page.getByRole('dialog', { name: /Roll .* back to revision/ })
        await hand.press(page, dialog.getByRole('button', { name: 'Roll back' }))
        await dialog.waitFor({ state: 'detached' })
        await until('the revision before answers', async () => (await revision()) < (await platform.call('GET', `/serving/endpoints/${endpoint.id}/revisions`))[0].revision)
      })
    })
  }
}

export function sessionTests(platformOf) {
  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: who signs in comes where he wanted, and who signs out is out`, async () => {
      const platform = await platformOf()
      await visit(platform, {}, `sign-in-${hand.name}`, async (person) => {
        const { page } = person
        person.expects(/status of 401/)
        await person.go('/catalog/models?status=draft&sort=name')
        const key = page.getByLabel('API key')
        await hand.write(page, key, 'not-a-key')
        await press(hand, page, 'button', 'Sign in')
        await page.getByRole('alert').waitFor()
        await hand.write(page, key, platform.key)
        await press(hand, page, 'button', 'Sign in')
        await page.waitForURL(/catalog\/models\?status=draft&sort=name/)
        await page.getByRole('combobox', { name: 'Status' }).getByText('Draft').waitFor()
        // From here on nothing is refused: what is asked while somebody leaves would be.
        person.expected.length = 0
        assert.deepEqual(await page.evaluate((key) => [document.cookie, JSON.stringify({ ...localStorage, ...sessionStorage }).includes(key)], platform.key), ['', false])
        await hand.press(page, page.getByRole('button', { name: /^administrator|Account/ }))
        await press(hand, page, 'menuitem', 'Sign out')
        await page.waitForURL(/sign-in/)
        await page.getByLabel('API key').waitFor()
        await page.waitForTimeout(1_000)
        assert.deepEqual(person.complaints, [])
        await person.go('/catalog/models')
        await page.waitForURL(/sign-in/)
      })
    })

    test(`with the ${hand.name}: a link into a filtered list shows it as it was sent`, async () => {
      const platform = await platformOf()
      await draft(platform, `sent-on-${hand.name}`)
      const names = (page) => page.locator('[data-row-link]').allInnerTexts()
      const [link, rows] = await visit(platform, { key: platform.key }, `sent-${hand.name}`, async ({ page }) => {
        await page.goto(`${platform.url}/catalog/models`)
        await hand.choose(page, page.getByRole('combobox', { name: 'Status' }), 'Draft')
        await page.waitForURL(/status=draft/)
        await hand.press(page, page.getByRole('table').getByRole('button', { name: 'Name' }))
        await page.waitForURL(/sort=/)
        await page.getByText(`sent-on-${hand.name}`).waitFor()
        return [page.url(), await names(page)]
      })
      assert.ok(rows.length > 0 && !rows.includes('quickstart-capitals'), rows.join('\n'))
      await visit(platform, { key: platform.key }, `filtered-${hand.name}`, async ({ page }) => {
        await page.goto(link)
        await page.getByRole('row').nth(rows.length).waitFor()
        assert.deepEqual(await names(page), rows)
        await hand.press(page, page.locator('[data-row-link]').first())
        await page.getByRole('heading', { level: 1, name: rows[0] }).waitFor()
        await page.goBack()
        await page.getByRole('row').nth(rows.length).waitFor()
        assert.equal(page.url(), link)
      })
    })

    test(`with the ${hand.name}: a page under which the server is killed says so, and goes on when it is back`, async () => {
      const platform = await platformOf()
      await visit(platform, { key: platform.key }, `restart-${hand.name}`, async (person) => {
        const { page } = person
        person.expects(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_NETWORK|Failed to load resource/)
        await person.go('/catalog/datasets')
        await press(hand, page, 'link', 'Models')
        await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
        await page.getByRole('table', { name: 'Models' }).waitFor()
        await platform.end('SIGKILL')
        await page.getByText('Connection lost, trying again…').first().waitFor()
        await page.getByRole('table', { name: 'Models' }).waitFor()
        await platform.start()
        await page.getByText('Connected again. What you see is up to date.').waitFor()
        const model = await draft(platform, `after-restart-${hand.name}`)
        await hand.press(page, page.getByRole('table').getByRole('button', { name: 'Name' }))
        await press(hand, page, 'link', model.name)
        await page.getByRole('heading', { level: 1, name: model.name }).waitFor()
      })
    })
  }

  test('a link signs in once', async () => {
    const platform = await new Platform().start()
    const link = await platform.link()
    await visit(platform, {}, 'link', async ({ page }) => {
      await page.goto(link)
      await page.getByRole('heading', { name: 'Getting started' }).waitFor()
    })
    await visit(platform, {}, 'link-again', async (person) => {
      person.expects(/status of 401/)
      await person.page.goto(link)
      await person.page.getByRole('alert').waitFor()
    })
    await platform.end()
  })
}
