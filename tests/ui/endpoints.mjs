// Endpoints: a form that says what is wrong where it is wrong, what the replicas write, and stopping, starting and deleting one.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { pick } from './jobs.mjs'
import { until } from './platform.mjs'
import { draft, press } from './work.mjs'

const MODEL = 'quickstart-capitals'
const PLAN = 'Go back to revision 1; the operator on duty does it.'

const listed = async (platform, route) => (await platform.call('GET', '/serving/endpoints')).find((one) => one.route === `/${route}`)
const read = (platform, { id }) => platform.call('GET', `/serving/endpoints/${id}`)

/** Deploys the tuned model of the story for everybody, as a form does. */
async function deployed(platform, route, change = {}) {
  const [model] = await platform.call('GET', `/catalog/models?name=${MODEL}`)
  const made = await platform.call('POST', '/serving/endpoints', { modelId: model.id, route, ...change })
  return until(`${route} is healthy`, async () => ((now) => now.status === 'healthy' && now)(await read(platform, made)))
}

/** The status that a caller gets, and what the model says. */
async function asked(platform, model) {
  const answer = await fetch(`${platform.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${platform.key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ model, temperature: 0, max_tokens: 24, messages: [{ role: 'user', content: 'What is the capital of Texas?' }] }),
  })
  return { status: answer.status, says: (await answer.json()).choices?.[0].message.content }
}

/** What stands under a field in place of its hint. */
async function refusedAt(field, text) {
  await field.and(field.page().locator('[aria-invalid=true]')).waitFor()
  const said = await field.page().locator(`id=${await field.getAttribute('aria-describedby')}`).innerText()
  assert.match(said, text)
}

function formTests(platformOf, hand) {
  test(`with the ${hand.name}: an endpoint is refused where it is wrong, tried without running, and deployed`, async () => {
    const platform = await platformOf()
    const route = `answers-${hand.name}`
    const taken = await deployed(platform, `taken-${hand.name}`)
    await draft(platform, `unapproved-${hand.name}`)
    await visit(platform, { key: platform.key }, `deploy-${hand.name}`, async (person) => {
      const { page } = person
      person.expects(/status of 4\d\d/)
      const [model, routeField, replicas, plan] = [page.getByRole('combobox', { name: /^Model/ }), page.getByRole('textbox', { name: /^Route/ }), page.getByRole('spinbutton', { name: 'Replicas' }), page.getByRole('textbox', { name: /^Plan to go back/ })]
      const send = () => press(hand, page, 'button', 'Deploy an endpoint')
      await person.go('/serving/endpoints')
      await press(hand, page, 'link', 'Deploy an endpoint')
      await send()
      await refusedAt(model, /This is needed/)
      await refusedAt(routeField, /This is needed/)
      await hand.write(page, model, `unapproved-${hand.name}`)
      await page.getByText('Nothing found').waitFor()
      await pick(hand, page, /^Model/, MODEL)
      await hand.write(page, routeField, 'two words')
      await refusedAt(routeField, /Letters, digits/)
      await hand.write(page, replicas, '20')
      await hand.write(page, routeField, `taken-${hand.name}`)
      await refusedAt(replicas, /From 1 to 16/)
      await hand.write(page, replicas, '2')
      await send()
      await refusedAt(routeField, /another endpoint answers \/taken-.+ in dev: choose another route/)
      await person.picture(`deploy-refused-${hand.name}`)
      assert.deepEqual(await person.axe(), [])

      await hand.write(page, routeField, route)
      await hand.choose(page, page.getByRole('combobox', { name: 'Environment' }), 'Production')
      await send()
      await refusedAt(plan, /This is needed/)
      await hand.write(page, plan, PLAN)
      await hand.write(page, page.getByRole('spinbutton', { name: 'Requests at once' }), '0')
      await send()
      await page.locator('section').filter({ has: page.getByRole('heading', { name: 'Limits' }) }).getByText(/must be 1 to 256, not 0/).waitFor()
      await hand.write(page, page.getByRole('spinbutton', { name: 'Requests at once' }), '3')
      await hand.write(page, page.getByRole('spinbutton', { name: 'Answer tokens' }), '40')

      const side = page.getByRole('complementary', { name: 'Beside the form' })
      await hand.press(page, side.getByRole('button', { name: 'Try' }))
      for (const part of ['model/model.safetensors', 'model/tokenizer.json', /^serve --model model .*--max-batch 3$/]) await side.getByText(part).waitFor()
      assert.equal(await listed(platform, route), undefined, 'to try is not to deploy')
      for (const [door, words] of [['curl', ['"minReplicas": 2', '"maxOutputTokens": 40', '/llm-ops/v1/serving/endpoints']], ['Python', ['ops.serving.deploy_endpoint(', `route="${route}"`, 'min_replicas=2']], ['CLI', ['llmops-server call serving.deploy_endpoint', '"environment": "prod"']]]) {
        await hand.press(page, side.getByRole('tab', { name: door, exact: true }))
        for (const word of words) await side.getByText(word).first().waitFor()
      }
      await person.picture(`deploy-tried-${hand.name}`)
      await send()
      await page.getByRole('heading', { level: 1, name: `/${route}`, exact: true }).waitFor()
      await page.getByText('It answers. Every replica is ready.').waitFor()
      const facts = page.getByRole('complementary', { name: 'Facts' })
      for (const fact of ['2 of 2 ready, 2 in all', PLAN, `${MODEL} 1.0.0`]) await facts.getByText(fact).waitFor()
      const made = await listed(platform, route)
      assert.deepEqual([made.status, made.environment, made.minReplicas, made.limits, made.rollbackPlan], ['healthy', 'prod', 2, { maxConcurrentRequests: 3, maxOutputTokens: 40 }, PLAN])
    })
    for (const one of [taken, await listed(platform, route)]) await platform.call('DELETE', `/serving/endpoints/${one.id}`)
  })
}

/** Follows what is written to its end, looks back, and comes again to the end. */
async function readLogs(hand, page, lines) {
  const log = page.getByRole('region', { name: 'Logs' })
  const last = log.getByText(String(lines), { exact: true })
  const inSight = () => log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 2)
  await page.getByText(`${lines} lines`, { exact: true }).waitFor()
  await last.waitFor()
  await until('the newest line is in sight', inSight)
  if (hand === mouse) await log.hover().then(() => page.mouse.wheel(0, -3000))
  else {
    await log.focus()
    await page.keyboard.press('Home')
  }
  await log.getByText('1', { exact: true }).waitFor()
  // Scrolling by hand takes a while, and would go on over what the button does.
  await until('the first line is in sight', () => log.evaluate((box) => box.scrollTop === 0))
  await press(hand, page, 'button', 'To the end')
  await last.waitFor()
  await until('the newest line is in sight again', inSight)
  await page.getByRole('button', { name: 'To the end' }).waitFor({ state: 'detached' })
}

async function scaleTo(hand, page, wrong, count) {
  await press(hand, page, 'button', 'More actions')
  await press(hand, page, 'menuitem', 'Scale')
  const dialog = page.getByRole('dialog', { name: /^Scale / })
  const field = dialog.getByRole('spinbutton', { name: /^Replicas/ })
  await hand.write(page, field, wrong)
  await refusedAt(field, /From 1 to 16/)
  assert.ok(await dialog.getByRole('button', { name: 'Scale' }).isDisabled())
  await hand.write(page, field, count)
  await hand.press(page, dialog.getByRole('button', { name: 'Scale' }))
  await dialog.waitFor({ state: 'detached' })
}

function lifeTests(platformOf, hand) {
  test(`with the ${hand.name}: what an endpoint writes is followed; it is stopped, started, and deleted`, async () => {
    const platform = await platformOf()
    const route = `life-${hand.name}`
    const endpoint = await deployed(platform, route, { environment: 'prod', rollbackPlan: PLAN })
    // So low that a dozen lines do not fit.
    await visit(platform, { key: platform.key, height: 320 }, `life-${hand.name}`, async (person) => {
      const { page } = person
      await person.go(`/serving/endpoints/${endpoint.id}`)
      await press(hand, page, 'tab', 'Logs')
      await page.getByText('1 line', { exact: true }).waitFor()
      await page.getByRole('region', { name: 'Logs' }).getByText(/"event":"ready"/).waitFor()
      await hand.choose(page, page.getByRole('combobox', { name: 'Channel' }), /^Events/)
      assert.match(page.url(), /channel=events/)
      await scaleTo(hand, page, '17', '13')
      await readLogs(hand, page, 13)
      const replica = page.getByRole('combobox', { name: 'Replica' })
      await hand.choose(page, replica, /^r1-12-/)
      await page.getByText('1 line', { exact: true }).waitFor()
      assert.deepEqual(await person.axe(), [])

      const [stop, menu] = [page.getByRole('dialog', { name: `Stop /${route}?` }), async (name) => {
        await press(hand, page, 'button', 'More actions')
        await press(hand, page, 'menuitem', name)
      }]
      await menu('Stop')
      await stop.getByText('Its 13 replicas end and callers are refused until it is started again.').waitFor()
      await hand.press(page, stop.getByRole('button', { name: 'Cancel' }))
      await stop.waitFor({ state: 'detached' })
      assert.deepEqual((await asked(platform, route)).status, 200)
      await menu('Stop')
      await hand.press(page, stop.getByRole('button', { name: 'Stop' }))
      await page.getByText('It was stopped. Nothing runs and nothing is charged.').waitFor()
      await page.getByText('0 of 13 ready, 0 in all').waitFor()
      assert.equal((await read(platform, endpoint)).status, 'stopped')
      assert.equal((await asked(platform, route)).status, 503)
      await press(hand, page, 'button', 'Start')
      await page.getByText('13 of 13 ready, 13 in all').waitFor()
      await page.getByText('It answers. Every replica is ready.').waitFor()
      assert.match((await asked(platform, route)).says, /capital of Texas is/)

      await menu('Delete')
      const remove = page.getByRole('dialog', { name: `Delete /${route}?` })
      await remove.getByText(`The model ${MODEL} 1.0.0 stays.`).waitFor()
      await hand.write(page, remove.getByRole('textbox'), route)
      assert.ok(await remove.getByRole('button', { name: 'Delete' }).isDisabled(), 'what answers everybody is named in full')
      await hand.write(page, remove.getByRole('textbox'), `/${route}`)
      await hand.press(page, remove.getByRole('button', { name: 'Delete' }))
      await page.waitForURL(/\/serving\/endpoints$/)
      await page.getByText(`/${route} was deleted.`).waitFor()
      await until('it is gone', async () => (await listed(platform, route)) === undefined)
      await page.getByRole('row').filter({ hasText: route }).waitFor({ state: 'detached' })
    })
  })
}

export function endpointTests(platformOf) {
  for (const hand of [mouse, keyboard]) {
    formTests(platformOf, hand)
    lifeTests(platformOf, hand)
  }
}
