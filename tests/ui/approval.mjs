// The approval policy: one is written, a model is held back by it, its gates say why, and two reviewers approve.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { Platform } from './platform.mjs'
import { draft, press } from './work.mjs'

const put = (platform, content) => platform.call('PUT', '/catalog/approval-policy', content)

/** A policy of two versions for pages to show. It asks nothing of what other tests approve. */
export async function approvalOf(platform) {
  const versions = await platform.call('GET', '/catalog/approval-policy/versions')
  if (versions.length) return
  const [dataset] = await platform.call('GET', '/catalog/datasets?name=capitals')
  const tuned = { modelTypes: ['fine-tuned'] }
  await put(platform, { evaluations: [{ metric: 'exact_match', atLeast: 0.7, ...tuned }] })
  await put(platform, { description: 'For models that customers talk to.', evaluations: [{ metric: 'exact_match', datasetId: dataset?.id, atLeast: 0.8, minSamples: 100, ...tuned }, { metric: 'bleu', options: { tokenizer: 'char' }, atLeast: 10, atMost: 99.5, ...tuned }], allowWarnings: true })
}

/** Whoever may writes the policy: refused where nothing would pass. */
async function writes(hand, person) {
  const { page } = person
  await person.go('/catalog/approval-policy')
  await press(hand, page, 'link', 'Write the policy')
  await hand.write(page, page.getByRole('textbox', { name: 'Approvals needed' }), '2')
  await press(hand, page, 'button', 'Add an evaluation')
  await hand.choose(page, page.getByRole('combobox', { name: /^Metric/ }), 'exact_match')
  await hand.write(page, page.getByRole('textbox', { name: 'Least value' }), '0.7')
  await hand.write(page, page.getByRole('textbox', { name: 'Names' }), 'mit')
  if (hand === mouse) {
    await hand.write(page, page.getByRole('textbox', { name: 'Most value' }), '0.5')
    await page.getByText('Above the most value, so nothing would pass').waitFor()
    await person.picture(`approval-refused-${hand.name}`)
    assert.deepEqual(await person.axe(), [])
    await page.getByRole('textbox', { name: 'Most value' }).fill('')
  }
  await press(hand, page, 'button', 'Create policy')
  await page.getByRole('row', { name: /^exact_match Any dataset 0.7 or more 1 Base, Fine-tuned/ }).waitFor()
  await page.getByText('Models are held to this version').waitFor()
}

/** The author sees what is missing, and hands it in. */
async function handsIn(hand, person, id) {
  const { page } = person
  await person.go(`/catalog/models/${id}?tab=reviews`)
  const gates = page.getByRole('list', { name: 'What approval needs' })
  const gate = (name) => gates.getByRole('listitem').filter({ hasText: name })
  await gate('Card').getByText('Passed').waitFor()
  await gate('License').getByText('The policy does not allow its license.').waitFor()
  await gate('Evaluation').getByText('There is no such evaluation.').waitFor()
  await gate('Reviewer').getByText('You made it or brought a file of it').waitFor()
  await gate('Approvals').getByText('None of 2 approvals is there.').waitFor()
  await person.picture(`gates-${hand.name}`)
  assert.deepEqual(await person.axe(), [])
  await hand.press(page, gate('Evaluation').getByRole('link', { name: 'Evaluate' }))
  await page.getByRole('checkbox', { name: 'exact_match' }).waitFor()
  assert.equal(await page.getByRole('checkbox', { checked: true }).count(), 1, 'the metric that is missing, and no other')
  await page.goBack()
  await press(hand, page, 'button', 'Submit for review')
  await page.getByText('Under review', { exact: true }).first().waitFor()
}

/** A reviewer is told what holds it back, changes the policy, and approves as the first of two. */
async function approves(hand, person, id) {
  const { page } = person
  person.expects(/status of 409/)
  await person.go(`/catalog/models/${id}?tab=reviews`)
  await press(hand, page, 'button', 'Review…')
  const review = page.getByRole('dialog', { name: `Review gated-${hand.name} 1.0.0` })
  await review.getByText('What holds the approval back').waitFor()
  assert.equal(await review.getByRole('listitem').count(), 2)
  await hand.press(page, review.getByRole('button', { name: 'Send decision' }))
  await review.getByRole('alert').getByText(/cannot be approved: the card says CC0-1.0.*there is no evaluation by exact_match/).waitFor()
  await person.picture(`held-back-${hand.name}`)
  assert.deepEqual(await person.axe(), [])
  await hand.press(page, review.getByRole('button', { name: 'Cancel' }))
  await hand.press(page, page.getByRole('link', { name: 'By the approval policy, version 1' }))
  await press(hand, page, 'link', 'Edit')
  await press(hand, page, 'button', 'Remove evaluation 1')
  await hand.write(page, page.getByRole('textbox', { name: 'Names' }), 'CC0-1.0')
  await page.getByRole('row', { name: /^Allowed licenses mit CC0-1.0/ }).waitFor()
  await person.picture(`approval-form-${hand.name}`)
  assert.deepEqual(await person.axe(), [])
  await press(hand, page, 'button', 'Save as the next version')
  await page.getByText('Changed since version 1').waitFor()
  await page.getByRole('row', { name: /^exact_match · Any dataset/ }).waitFor()
  await person.picture(`approval-${hand.name}`)
  assert.deepEqual(await person.axe(), [])
  await person.go(`/catalog/models/${id}?tab=reviews`)
  await press(hand, page, 'button', 'Review…')
  await review.getByRole('button', { name: 'Send decision' }).waitFor()
  await hand.press(page, review.getByRole('button', { name: 'Send decision' }))
  await page.getByText(/^Your approval of gated-\w+ counts/).waitFor()
  await page.getByText(/1 of 2 approvals are there, by rita-/).waitFor()
  await page.getByText('By version 2 of the approval policy').waitFor()
}

export function approvalTests() {
  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: a policy is written, a model is held back by it, and two approve`, async () => {
      const platform = await new Platform().start()
      const [rita, rae] = [await platform.keyFor(`rita-${hand.name}`, ['reviewer']), await platform.keyFor(`rae-${hand.name}`, ['reviewer'])]
      await visit(platform, { key: rita }, `approval-${hand.name}`, (person) => writes(hand, person))
      const { id } = await draft(platform, `gated-${hand.name}`)
      await visit(platform, { key: platform.key }, `gates-${hand.name}`, (person) => handsIn(hand, person, id))
      await visit(platform, { key: rita }, `approves-${hand.name}`, (person) => approves(hand, person, id))
      await visit(platform, { key: rae }, `second-${hand.name}`, async (person) => {
        const { page } = person
        await person.go(`/catalog/models/${id}?tab=reviews`)
        await press(hand, page, 'button', 'Review…')
        await hand.press(page, page.getByRole('dialog').getByRole('button', { name: 'Send decision' }))
        await page.getByText('Approved', { exact: true }).first().waitFor()
        await page.getByText('By version 2 of the approval policy').nth(1).waitFor()
      })
      await platform.end()
    })
  }

  test('the page of the approval policy is well on a phone, in Korean and in the dark, and for who may only read', async () => {
    const platform = await new Platform().start()
    const viewer = await platform.keyFor('vera', ['viewer'])
    await visit(platform, { key: viewer, width: 390, height: 844, theme: 'dark', language: 'ko' }, 'approval-narrow', async (person) => {
      const { page } = person
      const look = async (what) => {
        await person.picture(`approval-narrow-${what}`)
        assert.deepEqual(await person.axe(), [], what)
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, what)
      }
      await person.go('/catalog/approval-policy')
      await page.getByText('아직 승인 정책이 없습니다').waitFor()
      assert.equal(await page.getByRole('link', { name: '정책 작성' }).count(), 0)
      await look('none')
      await approvalOf(platform)
      const { id } = await draft(platform, 'narrow')
      await person.go('/catalog/approval-policy')
      await page.getByText('버전 1에서 바뀐 점').waitFor()
      await look('one')
      await person.go(`/catalog/models/${id}?tab=reviews`)
      await page.getByRole('list', { name: '승인에 필요한 것' }).waitFor()
      await look('gates')
    })
    await platform.end()
  })
}
