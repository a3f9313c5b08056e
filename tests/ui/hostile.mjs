// What strangers write is shown and does nothing: a model's card, a row of a dataset, a model's answer.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'

const ELSEWHERE = 'http://127.0.0.1:9'
const TRICKS = [
  '<script>window.taken = 1</script>',
  `<img src=x onerror="window.taken = 1">`,
  `<svg onload="window.taken = 1"><a href="javascript:window.taken=1">vector</a></svg>`,
  `<iframe srcdoc="<script>parent.taken = 1</script>"></iframe>`,
  `<form action="${ELSEWHERE}"><input name=key><button>Sign in again</button></form>`,
  '<style>body { display: none }</style>',
  `<base href="${ELSEWHERE}/"><meta http-equiv="refresh" content="0;url=${ELSEWHERE}"><link rel=stylesheet href="${ELSEWHERE}/a.css">`,
  '[press me](javascript:window.taken=1)',
  '[or me](&#106;avascript:window.taken=1)',
  '[or me](data:text/html,<script>parent.taken=1</script>)',
  `![a picture](${ELSEWHERE}/seen.png?who)`,
  `![another][there]\n\n[there]: ${ELSEWHERE}/seen.gif`,
  '![vector](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+)',
  `a [link](${ELSEWHERE}/page "with a title") and ${ELSEWHERE}/bare`,
  '```html\n<script>window.taken = 1</script>\n```',
  '{{ constructor.constructor("window.taken = 1")() }}',
  '\u202Egnirts desrever a\u202C',
].join('\n\n')

/** Whatever came of the tricks within `box`. */
async function check(person, box) {
  await box.getByText('press me').waitFor()
  const made = 'script, iframe, form, style, base, meta, link, svg, object, embed, input, button'
  assert.equal(await box.locator(made).count(), 0, 'nothing but words and links was made')
  assert.equal(await box.locator('img:not([src^="data:image/png"])').count(), 0, 'no picture of another host')
  const links = await box.locator('a').evaluateAll((all) => all.map((link) => [link.protocol, link.rel, link.target]))
  for (const [protocol, rel, target] of links) assert.deepEqual([protocol, rel, target], ['http:', 'noopener noreferrer nofollow', '_blank'])
  for (const link of await box.getByText(/^(press|or) me/).all()) await link.click()
  assert.equal(await person.page.evaluate(() => window.taken), undefined)
  assert.ok(person.page.url().startsWith(person.platform.url), 'the page is still ours')
}

export function hostileTests(platformOf) {
  test('a hostile card stays inert', async () => {
    const platform = await platformOf()
    const metadata = { purpose: TRICKS, scope: 's', contact: 'c', license: 'CC0-1.0', readme: TRICKS }
    const model = await platform.call('POST', '/catalog/models', { name: 'hostile', version: '1.0.0', type: 'base', modelFamily: 'llama', metadata })
    await visit(platform, { key: platform.key }, 'hostile-card', async (person) => {
      await person.go(`/catalog/models/${model.id}`)
      await check(person, person.page.locator('.md').last())
    })
  })

  test('a hostile card of a dataset stays inert', async () => {
    const platform = await platformOf()
    const data = await platform.call('POST', '/catalog/datasets', { name: 'hostile-card', version: '1.0.0', type: 'other', metadata: { license: TRICKS }, tags: ['<b>'] })
    await platform.upload(`/catalog/datasets/${data.id}/upload`, 'README.md', TRICKS)
    await visit(platform, { key: platform.key }, 'hostile-dataset-card', async (person) => {
      await person.go(`/catalog/datasets/${data.id}?tab=card`)
      await check(person, person.page.locator('.md').first())
      await check(person, person.page.locator('.md').last())
    })
  })

  test('hostile rows stay inert', async () => {
    const platform = await platformOf()
    const data = await platform.call('POST', '/catalog/datasets', { name: 'hostile', version: '1.0.0', type: 'sft_pair' })
    const rows = TRICKS.split('\n\n').map((response) => JSON.stringify({ prompt: '<b onclick="window.taken=1">press me</b>', response }))
    await platform.upload(`/catalog/datasets/${data.id}/upload`, 'rows.jsonl', rows.join('\n'))
    await visit(platform, { key: platform.key }, 'hostile-rows', async (person) => {
      await person.go(`/catalog/datasets/${data.id}`)
      const table = person.page.getByRole('table')
      await table.getByText('press me').first().click()
      assert.equal(await table.locator('script, iframe, form, style, img, b').count(), 0)
      assert.equal(await person.page.evaluate(() => window.taken), undefined)
      const other = await platform.call('POST', '/catalog/datasets', { name: 'hostile-too', version: '1.0.0', type: 'sft_pair' })
      await platform.upload(`/catalog/datasets/${other.id}/upload`, 'rows.jsonl', [...rows, '{"prompt":"a","response":"b"}'].join('\n'))
      const { id } = await platform.call('POST', `/catalog/datasets/${data.id}/contamination`, { against: [other.id] })
      await person.go(`/catalog/datasets/${data.id}/contamination/${id}`)
      const pairs = person.page.getByRole('list', { name: 'The same words' })
      await pairs.getByText('press me').first().click()
      assert.equal(await pairs.locator('script, iframe, form, style, img, b').count(), 0)
      assert.equal(await person.page.evaluate(() => window.taken), undefined)
    })
  })

  test('a hostile answer stays inert', async () => {
    const platform = await platformOf()
    await visit(platform, { key: platform.key }, 'hostile-answer', async (person) => {
      const { page } = person
      // No model says this by itself, so here the network says it for one.
      const pieces = TRICKS.match(/.{1,7}/gs).map((content) => ({ choices: [{ index: 0, delta: { content } }] }))
      const body = [...pieces.map((piece) => `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', ...piece })}`), 'data: [DONE]', ''].join('\n\n')
      await page.route(/\/serve\/.*\/chat/, (route) => route.fulfill({ contentType: 'text/event-stream', body }))
      await person.go('/chat')
      await page.getByLabel('Ask something').fill('<img src=x onerror="window.taken = 1">')
      await page.getByRole('button', { name: 'Send' }).click()
      await check(person, page.getByRole('log').locator('.md').last())
    })
  })
}
