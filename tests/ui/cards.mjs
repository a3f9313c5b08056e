// The card of a dataset: it comes as a README.md, is read, and is written.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { file } from './platform.mjs'
import { bring, press } from './work.mjs'

const README = `---
pretty_name: Sums of small numbers
license: cc-by-4.0
language: [en, ko]
task_categories: [question-answering]
tags: [sums, small]
configs:
- config_name: default
  data_files:
  - {split: train, path: rows*}
dataset_info:
  splits: [{name: train, num_examples: 1}]
---
# Sums

What is asked and what is answered, from **1** to 100.

| part | rows |
|---|---|
| train | 1 |

\`\`\`python
load_dataset("default/sums")
\`\`\`
`

/** A dataset with a card, for pages to show. */
export async function cardedOf(platform, name = 'sums') {
  const [there] = await platform.call('GET', `/catalog/datasets?name=${name}`)
  if (there) return there.id
  const { id } = await platform.call('POST', '/catalog/datasets', { name, version: '1.0.0', type: 'sft_pair' })
  await platform.upload(`/catalog/datasets/${id}/upload`, 'rows.jsonl', '{"prompt": "1 and 1", "response": "2"}\n')
  await platform.upload(`/catalog/datasets/${id}/upload`, 'README.md', README)
  return id
}

export function cardTests(platformOf) {
  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: the card of a dataset comes as a file and is written further`, async () => {
      const platform = await platformOf()
      const name = `carded-${hand.name}`
      const { id } = await platform.call('POST', '/catalog/datasets', { name, version: '1.0.0', type: 'other' })
      await visit(platform, { key: platform.key }, name, async (person) => {
        const { page } = person
        await person.go(`/catalog/datasets/${id}?tab=files`)
        await bring(hand, page, file('README.md', README))
        await page.getByRole('region', { name: 'Uploads' }).getByText('Done').waitFor()
        await press(hand, page, 'tab', 'Card')
        await page.getByRole('heading', { name: 'Sums', exact: true }).waitFor()
        for (const text of ['Sums of small numbers', 'en, ko', 'cc-by-4.0']) await page.getByRole('tabpanel').getByText(text).waitFor()
        assert.deepEqual(await person.axe(), [])
        await press(hand, page, 'button', 'Edit')
        await page.getByLabel('License').fill('mit')
        await page.getByLabel('Languages').fill('en')
        await page.getByLabel('Tags').fill('sums')
        await page.getByLabel('Text', { exact: true }).fill('---\n# Other sums\n---\n')
        assert.deepEqual(await person.axe(), [])
        await press(hand, page, 'button', 'Save')
        await page.getByRole('heading', { name: 'Other sums' }).waitFor()
        const now = await platform.call('GET', `/catalog/datasets/${id}`)
        assert.deepEqual([now.metadata.license, now.metadata.language, now.tags, now.rows], ['mit', ['en'], ['sums'], 0])
        assert.equal(now.metadata.configs[0].data_files[0].path, 'rows*')
      })
    })
  }

  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: a dataset is made with its card, and what is told of it is taken away again`, async () => {
      const platform = await platformOf()
      const name = `card-first-${hand.name}`
      await visit(platform, { key: platform.key }, name, async (person) => {
        const { page } = person
        await person.go('/catalog/datasets/new')
        const filled = { Name: name, Team: 'search', 'Change log': 'The first of all.', Title: 'Sums', License: 'mit', Languages: 'en, ko', Tags: 'sums, small' }
        for (const [label, text] of Object.entries(filled)) await hand.write(page, page.getByRole('textbox', { name: label, exact: true }), text)
        await person.picture(name)
        assert.deepEqual(await person.axe(), [])
        await press(hand, page, 'button', 'Create, then upload files')
        await page.getByRole('heading', { name: `${name} 1.0.0` }).waitFor()
        const [made] = await platform.call('GET', `/catalog/datasets?name=${name}`)
        assert.deepEqual(made.metadata, { pretty_name: 'Sums', license: 'mit', language: ['en', 'ko'] })
        assert.deepEqual([made.tags, made.ownerTeam, made.changeLog], [['small', 'sums'], 'search', 'The first of all.'])

        await press(hand, page, 'button', 'Edit the change log')
        const dialog = page.getByRole('dialog', { name: 'Change log' })
        await hand.write(page, dialog.getByRole('textbox'), ' ')
        await person.picture(`${name}-log`)
        assert.deepEqual(await person.axe(), [])
        await hand.press(page, dialog.getByRole('button', { name: 'Save' }))
        await page.getByText('Nothing is told.').waitFor()
        await press(hand, page, 'tab', 'Card')
        await press(hand, page, 'button', 'Edit')
        await page.getByRole('textbox', { name: 'Team', exact: true }).fill('')
        await press(hand, page, 'button', 'Save')
        await page.getByText('Saved').waitFor()
        const now = await platform.call('GET', `/catalog/datasets/${made.id}`)
        assert.deepEqual([now.ownerTeam ?? null, now.changeLog ?? null, now.metadata.license], [null, null, 'mit'])
      })
    })
  }

  test('what two write at once is refused to the later', async () => {
    const platform = await platformOf()
    const id = await cardedOf(platform, 'written-twice')
    await visit(platform, { key: platform.key }, 'written-twice', async (person) => {
      const { page } = person
      person.expects(/status of 412/)
      await person.go(`/catalog/datasets/${id}?tab=card`)
      await press(mouse, page, 'button', 'Edit')
      await page.getByLabel('License').fill('mit')
      await platform.call('PATCH', `/catalog/datasets/${id}`, { metadata: { license: 'cc0-1.0' } })
      await press(mouse, page, 'button', 'Save')
      await press(mouse, page, 'button', 'Keep what I wrote, and take the rest of the newer version')
      await page.getByRole('alert').waitFor({ state: 'detached' })
      assert.equal(await page.getByLabel('License').inputValue(), 'mit')
      await press(mouse, page, 'button', 'Save')
      await page.getByRole('tabpanel').getByText('mit', { exact: true }).waitFor()
    })
  })
}
