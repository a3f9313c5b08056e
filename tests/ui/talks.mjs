// The chat as a place to work: an answer that is stopped, one question to two models, settings, what an answer took, and the talk as
// code that asks the same.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer, request } from 'node:http'
import test from 'node:test'
import { promisify } from 'node:util'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { file, IDLE, rest, until } from './platform.mjs'
import { press } from './work.mjs'

const run = promisify(execFile)
const [SYSTEM, CUE] = ['Speak plainly.', 'What is the capital of Texas?']

/** Deploys what was tuned in the story, and the base that it was tuned from, for a while. The base was taught no end: it goes on until its limit. */
async function withRoutes(platform, { tuned, base }, walk) {
  const [model] = await platform.call('GET', '/catalog/models?status=approved&type=fine-tuned')
  // Not the newest base: other journeys approve models that nobody can run.
  const models = [[tuned, model.id], ...(base ? [[base, model.lineage.parentModelId]] : [])]
  const made = []
  for (const [route, modelId] of models) made.push((await platform.call('POST', '/serving/endpoints', { modelId, route })).id)
  const ours = async () => (await platform.call('GET', '/serving/endpoints')).filter(({ id }) => made.includes(id))
  await until('they are healthy', async () => (await ours()).every(({ status }) => status === 'healthy'))
  await walk().finally(() => Promise.all(made.map((id) => platform.call('DELETE', `/serving/endpoints/${id}`))))
  await until('they are gone', async () => (await ours()).length === 0)
}

/** A way to the platform on which each piece of an answer takes a while. `left` is how often somebody hung up before the end of one. */
async function slowWay(platform) {
  const way = { left: 0 }
  const server = createServer({ keepAliveTimeout: IDLE }, (asked, answer) => {
    const isAnswer = asked.url.endsWith('/chat/stream')
    const on = request(platform.url + asked.url, { method: asked.method, headers: asked.headers }, async (got) => {
      answer.writeHead(got.statusCode, got.headers)
      if (!isAnswer) return got.pipe(answer)
      for await (const bytes of got) {
        for (const frame of String(bytes).split(/(?<=\n\n)/)) {
          answer.write(frame)
          await rest(120)
        }
      }
      answer.end()
    })
    answer.on('close', () => {
      if (answer.writableFinished) return
      if (isAnswer) way.left += 1
      on.destroy()
    })
    on.on('error', () => answer.destroy())
    asked.pipe(on)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return Object.assign(way, { url: `http://127.0.0.1:${server.address().port}`, end: () => server.close() })
}

/** Asks, and hands on what was sent. */
async function ask(hand, page, question) {
  const sent = page.waitForRequest((request) => request.method() === 'POST' && /chat/.test(request.url()))
  await hand.write(page, page.getByRole('textbox', { name: 'Ask something' }), question)
  await press(hand, page, 'button', 'Send')
  return (await sent).postDataJSON()
}

/** What stands under the last answer, checked against what the platform wrote down of it. */
async function took(platform, page) {
  const under = page.getByRole('article').last().locator('p.num')
  await under.getByText(/^\$/).waitFor()
  const facts = await under.locator('span').allInnerTexts()
  const [{ usage, amount }] = await platform.call('GET', '/cost/entries?resourceType=request&limit=1')
  const money = new Intl.NumberFormat('en-GB', { style: 'currency', currency: amount.currency, currencyDisplay: 'narrowSymbol', maximumSignificantDigits: 3 }).format(amount.amount)
  assert.ok(Number(amount.amount) > 0 && usage.outputTokens > 1, JSON.stringify({ amount, usage }))
  assert.equal(facts[0], `${usage.inputTokens} tokens in, ${usage.outputTokens} out`)
  assert.equal(facts.at(-1), money)
  for (const [at, form] of [/^first word after \d+\s?m?s$/, /^\d+\s?m?s in all$/, /^[\d.,]+ tokens\/s$/].entries()) assert.match(facts[at + 1], form)
}

/** The text of one tab of the talk as code. */
async function codeIn(hand, page, language) {
  const code = page.getByRole('dialog', { name: 'The talk as code' })
  await hand.press(page, code.getByRole('tab', { name: language, exact: true }))
  return code.getByRole('region', { name: language, exact: true }).innerText()
}

/** What a stream of OpenAI's dialect says. */
const saidIn = (stream) => [...stream.matchAll(/^data: (\{.*\})$/gm)].map(([, chunk]) => JSON.parse(chunk).choices[0]?.delta.content ?? '').join('')

function codeTests(platformOf, hand) {
  test(`with the ${hand.name}: what an answer took is told, and the code of the talk gets the same answer`, async () => {
    const platform = await platformOf()
    const [route, question] = [`coded-${hand.name}`, "What's the capital of Texas?"]
    const env = { ...process.env, LLMOPS_API_KEY: await platform.keyFor(`coder-${hand.name}`, ['service']) }
    await withRoutes(platform, { tuned: route }, () => visit(platform, { key: platform.key }, route, async (person) => {
      const { page } = person
      await person.go('/chat')
      await hand.choose(page, page.getByRole('combobox', { name: 'Endpoint' }), `/${route} · dev`)
      await hand.write(page, page.getByRole('textbox', { name: 'System prompt' }), SYSTEM)
      for (const [label, value] of [['Temperature', '0'], ['Most tokens', '24']]) await hand.write(page, page.getByRole('spinbutton', { name: label }), value)
      await ask(hand, page, question)
      await took(platform, page)
      const answer = (await page.getByRole('log').locator('.md').innerText()).trim()
      await person.picture(`chat-took-${hand.name}`)
      await press(hand, page, 'button', 'As code')
      const codes = {}
      for (const language of ['curl', 'Python', 'JavaScript', 'CLI']) codes[language] = await codeIn(hand, page, language)
      await person.picture(`chat-code-${hand.name}`)
      for (const [language, code] of Object.entries(codes)) for (const words of [route, SYSTEM, '24', 'capital of Texas?']) assert.ok(code.includes(words), `${language} without ${words}: ${code}`)
      assert.equal(saidIn((await run('bash', ['-c', codes.curl], { env })).stdout).trim(), answer)
      assert.equal((await run('bash', ['-c', codes.CLI], { env })).stdout.trim(), answer)
      // Both need a package from elsewhere: that they are right is what its makers' protocol says, here only that they can be read.
      await run('node', ['--check', file('talk.mjs', codes.JavaScript)])
      for (const language of ['Python', 'JavaScript']) assert.ok(codes[language].includes(`${platform.url}/v1`), codes[language])
    }))
  })
}

export function talkTests(platformOf) {
  for (const hand of [mouse, keyboard]) codeTests(platformOf, hand)

  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: an answer is stopped, two models are asked at once, and the talk is code`, async () => {
      const platform = await platformOf()
      const [route, other] = [`rambler-${hand.name}`, `knower-${hand.name}`]
      const slow = await slowWay(platform)
      await withRoutes(platform, { base: route, tuned: other }, () => visit(slow, { key: platform.key }, `talk-${hand.name}`, async (person) => {
        const { page } = person
        const log = (at) => page.getByRole('log').nth(at)
        await person.go('/chat')
        const endpoint = page.getByRole('combobox', { name: 'Endpoint' })
        for (const one of [`/${other} · dev`, `/${route} · dev`]) {
          await hand.choose(page, endpoint, one)
          await endpoint.getByText(one).waitFor()
        }
        assert.match(page.url(), /endpoint=/)
        await hand.write(page, page.getByRole('textbox', { name: 'System prompt' }), SYSTEM)
        await hand.write(page, page.getByRole('spinbutton', { name: 'Most tokens' }), '60')

        const sent = await ask(hand, page, 'Once upon a time')
        assert.deepEqual(sent.messages.map(({ role, content }) => [role, content]), [['system', SYSTEM], ['user', 'Once upon a time']])
        assert.equal(sent.maxTokens, 60)
        await log(0).locator('.md').waitFor()
        await press(hand, page, 'button', 'Stop')
        await log(0).getByText('Stopped', { exact: true }).waitFor()
        const answer = () => log(0).locator('.md').last().innerText()
        const stopped = await answer()
        await until('the request is ended', () => slow.left === 1)
        assert.equal(await answer(), stopped, 'nothing comes after the stop')
        assert.ok(stopped.length > 0, 'what was said stays')

        await hand.write(page, page.getByRole('spinbutton', { name: 'Most tokens' }), '12')
        await press(hand, page, 'button', 'Side by side')
        await log(1).waitFor()
        await hand.choose(page, page.getByRole('combobox', { name: 'Endpoint' }).nth(1), `/${other} · dev`)
        await ask(hand, page, CUE)
        for (const at of [0, 1]) await log(at).getByText(/tokens in, \d+ out/).last().waitFor()
        assert.deepEqual([await log(0).getByRole('article').count(), await log(1).getByRole('article').count()], [2, 1])
        assert.match(page.url(), /beside=/)
        await person.picture(`talk-${hand.name}`)
        assert.deepEqual(await person.axe(), [])

        await press(hand, page, 'button', 'As code')
        const code = page.getByRole('dialog', { name: 'The talk as code' })
        for (const [language, words] of [['Python', ['max_tokens=12', 'openai.OpenAI(']], ['curl', ['"max_tokens": 12', 'curl -N']]]) {
          await hand.press(page, code.getByRole('tab', { name: language, exact: true }))
          for (const word of [...words, SYSTEM, CUE, 'Once upon a time', route]) await code.getByText(word).first().waitFor()
        }
        assert.deepEqual(await person.axe(), [])
        await hand.press(page, code.getByRole('button', { name: 'Close' }))
        await code.waitFor({ state: 'detached' })

        await press(hand, page, 'button', 'One only')
        await log(1).waitFor({ state: 'detached' })
        await press(hand, page, 'button', 'Begin anew')
        await page.getByText('Ask the first question').waitFor()
        await page.reload()
        await page.getByRole('combobox', { name: 'Endpoint' }).getByText(route).waitFor()
        assert.equal(await page.getByRole('textbox', { name: 'System prompt' }).inputValue(), SYSTEM, 'the address keeps how answers are to be')
        await press(hand, page, 'button', 'As usual')
        assert.equal(await page.getByRole('textbox', { name: 'System prompt' }).inputValue(), '')
      }))
      slow.end()
    })
  }
}
