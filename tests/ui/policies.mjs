// Policies for personal data: one is written, datasets are held to it, its findings seen in their place, waived and approved.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { Platform, until } from './platform.mjs'
import { press } from './work.mjs'

const SAM = 'sam.roe@acme-corp.com'
/** Rows of which one names somebody, and another a number of the staff: in characters that are two units each. */
const ROWS = Array.from({ length: 40 }, (_, n) => ({
  prompt: `what is ${n} and ${n}?`,
  response: n === 12 ? `It is 24 😀; ask ${SAM} about it.` : n === 30 ? `It is 60; the staff number S-12345 says so.` : `It is ${2 * n}.`,
}))
const RULE = { name: 'staff_number', pattern: '\\bS-?[0-9]{5}\\b', context: ['staff', '사번'] }

async function datasetOf(platform, name, key) {
  const made = await platform.call('POST', '/catalog/datasets', { name, version: '1.0.0', type: 'sft_pair' }, key)
  await platform.upload(`/catalog/datasets/${made.id}/upload`, 'rows.jsonl', ROWS.map((row) => JSON.stringify(row)).join('\n'))
  return made.id
}

async function validated(platform, id, policy) {
  const path = `/catalog/datasets/${id}/validation`
  await platform.call('POST', path, { policy })
  return until('the validation is done', async () => ((now) => now.state === 'succeeded' && now)(await platform.call('GET', path)))
}

const put = (platform, name, content) => platform.call('PUT', `/catalog/pii-policies/${name}`, content)

/** A policy of two versions for pages to show, and a dataset whose findings are waived. */
export async function policyOf(platform) {
  const name = 'shown'
  const [there] = await platform.call('GET', `/catalog/datasets?name=held-${name}`)
  if (there) return { name, dataset: there.id }
  await put(platform, name, { kinds: [{ type: 'email' }, { type: 'phone', minConfidence: 0.8 }] })
  await put(platform, name, { description: 'For answers that customers read.', kinds: [{ type: 'email', allowed: 5 }, { type: 'person_name' }], rules: [RULE], waivers: true, minQuality: 60 })
  const dataset = await datasetOf(platform, `held-${name}`)
  const { id } = await validated(platform, dataset, name)
  const reviewer = await platform.keyFor('rita-shown', ['reviewer'])
  await platform.call('POST', `/catalog/datasets/${dataset}/validation/waiver`, { validationId: id, reason: 'The numbers are those of a game, and no person has one.' }, reviewer)
  return { name, dataset }
}

const field = (page, name) => page.getByRole('textbox', { name })

/** Whoever may writes the policy: a new one, refused where its pattern cannot be searched by, and then its next version. */
async function writes(hand, person) {
  const { page } = person
  await person.go('/catalog/policies')
  await hand.press(page, page.getByRole('link', { name: 'Write the default policy' }))
  await hand.write(page, page.getByRole('textbox', { name: 'Name', exact: true }), 'soft')
  await press(hand, page, 'button', 'None')
  if (hand === mouse) {
    await press(hand, page, 'button', 'Create policy')
    await page.getByText('Choose a kind, or add a rule').waitFor()
  }
  await press(hand, page, 'checkbox', 'E-mail')
  await press(hand, page, 'button', 'Add a rule')
  await hand.write(page, field(page, /^Name of the rule/), RULE.name)
  if (hand === mouse) {
    await hand.write(page, field(page, /^Pattern/), '(?<=S)[0-9]{5}')
    await press(hand, page, 'button', 'Create policy')
    await page.getByText(/look-around/).nth(1).waitFor()
    assert.equal(await field(page, /^Pattern/).getAttribute('aria-invalid'), 'true')
    await person.picture(`policy-refused-${hand.name}`)
    assert.deepEqual(await person.axe(), [])
  }
  await hand.write(page, field(page, /^Pattern/), RULE.pattern)
  await hand.write(page, field(page, /^Words beside it/), 'staff')
  await press(hand, page, 'button', 'Create policy')
  await page.getByRole('heading', { name: 'soft', exact: true }).waitFor()
  await press(hand, page, 'link', 'Edit')
  await hand.press(page, page.getByRole('switch', { name: 'Findings may be waived' }))
  await hand.write(page, field(page, 'Allowed findings of E-mail'), '1')
  const change = page.getByRole('row', { name: /^Waivers Not allowed Allowed/ })
  await change.waitFor()
  await person.picture(`policy-form-${hand.name}`)
  assert.deepEqual(await person.axe(), [])
  await press(hand, page, 'button', 'Save as the next version')
  await page.getByText('Changed since version 1').waitFor()
  await change.waitFor()
  await person.picture(`policy-${hand.name}`)
  assert.deepEqual(await person.axe(), [])
  await press(hand, page, 'link', 'Version 1')
  await page.getByText('This is an older version. Version 2 is the newest.').waitFor()
  await page.waitForURL(/version=1/)
}

/** The author has a dataset held to it, sees what was found in its place, and hands it in as it is. */
async function handsIn(hand, person, id) {
  const { page } = person
  await person.go(`/catalog/datasets/${id}?tab=validation`)
  await hand.choose(page, page.getByRole('combobox', { name: 'Policy' }), 'soft, version 2')
  await page.locator('main form').getByRole('button', { name: 'Validate' }).waitFor()
  await hand.press(page, page.locator('main form').getByRole('button', { name: 'Validate' }))
  await page.getByRole('link', { name: 'soft, version 2' }).waitFor()
  const kinds = page.getByRole('table', { name: 'Findings by kind' })
  await kinds.getByRole('row', { name: /^E-mail 1 1 .*Within/ }).waitFor()
  await kinds.getByRole('row', { name: /^staff_number 1 0 .*Too many/ }).waitFor()
  await page.getByText('A reviewer who did not make the dataset may let these findings stay').waitFor()
  await hand.press(page, page.getByRole('table', { name: 'Findings', exact: true }).getByRole('link', { name: 'Row 13' }))
  const place = page.getByRole('dialog', { name: 'Finding 1 of 2' })
  assert.equal(await place.locator('mark').innerText(), SAM)
  assert.ok(await place.getByText('what is 12 and 12?').isVisible())
  await person.picture(`finding-${hand.name}`)
  assert.deepEqual(await person.axe(), [])
  await hand.press(page, place.getByRole('button', { name: 'Next finding' }))
  await page.locator('mark').getByText('S-12345', { exact: true }).waitFor()
  await page.waitForURL(/finding=2/)
  await page.keyboard.press('Escape')
  await press(hand, page, 'button', 'More actions')
  await press(hand, page, 'menuitem', 'Submit for review as it is')
  await hand.press(page, page.getByRole('dialog').getByRole('button', { name: 'Submit for review as it is' }))
  await page.getByText('Under review', { exact: true }).first().waitFor()
}

/** Another waives, takes it back, waives again, and approves by it. */
async function approves(hand, person, id, name) {
  const { page } = person
  person.expects(/status of 409/)
  const waive = async (reason) => {
    await press(hand, page, 'button', 'Waive findings…')
    const dialog = page.getByRole('dialog', { name: `Waive the findings in ${name} 1.0.0?` })
    assert.match(await dialog.getByRole('list', { name: 'Findings' }).innerText(), /E-mail\s+1 found, 1 allowed\s+staff_number\s+1 found, 0 allowed/)
    assert.ok(await dialog.getByRole('button', { name: 'Waive', exact: true }).isDisabled(), 'nothing is waived without a reason')
    await hand.write(page, dialog.getByRole('textbox', { name: /^Reason/ }), reason)
    await person.picture(`waive-${hand.name}`)
    assert.deepEqual(await person.axe(), [])
    await hand.press(page, dialog.getByRole('button', { name: 'Waive', exact: true }))
    await dialog.waitFor({ state: 'detached' })
    await page.locator('blockquote').getByText(reason).waitFor()
  }
  const review = page.getByRole('dialog', { name: `Review ${name} 1.0.0` })
  await person.go(`/catalog/datasets/${id}`)
  await press(hand, page, 'button', 'Review…')
  await review.getByText('Personal data was found and nobody waived it.').waitFor()
  await hand.press(page, review.getByRole('button', { name: 'Send decision' }))
  await review.getByRole('alert').getByText(/cannot be approved/).waitFor()
  await hand.press(page, review.getByRole('button', { name: 'Look at the findings' }))
  if (hand === mouse) {
    await waive('they agreed')
    await press(hand, page, 'button', 'Withdraw')
    await hand.press(page, page.getByRole('dialog', { name: `Withdraw the waiver of ${name} 1.0.0?` }).getByRole('button', { name: 'Withdraw' }))
    await page.getByRole('button', { name: 'Waive findings…' }).waitFor()
  }
  await waive('a number of a game')
  await press(hand, page, 'button', 'Review…')
  await review.getByText(/^Approving relies on the waiver of rita-\w+: 2 findings stay$/).waitFor()
  assert.equal(await review.getByRole('alert').count(), 0)
  await person.picture(`relies-${hand.name}`)
  assert.deepEqual(await person.axe(), [])
  await hand.press(page, review.getByRole('button', { name: 'Send decision' }))
  await page.getByText('Approved', { exact: true }).first().waitFor()
  await page.getByText('The approval relied on it, so it is not withdrawn any more.').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Withdraw' }).count(), 0)
  await person.picture(`waived-${hand.name}`)
  assert.deepEqual(await person.axe(), [])
  await press(hand, page, 'tab', 'Reviews')
  await page.getByText(/Relied on a waiver of rita-\w+: a number of a game/).waitFor()
}

export function policyTests() {
  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: a policy is written, a dataset held to it, and another waives and approves`, async () => {
      const platform = await new Platform().start()
      const [name, rita] = [`held-${hand.name}`, await platform.keyFor(`rita-${hand.name}`, ['reviewer'])]
      const id = await datasetOf(platform, name)
      await visit(platform, { key: rita }, `policy-${hand.name}`, async (person) => {
        person.expects(/status of 422/)
        await writes(hand, person)
      })
      await visit(platform, { key: platform.key }, `hand-in-${hand.name}`, (person) => handsIn(hand, person, id))
      await visit(platform, { key: rita }, `waive-${hand.name}`, (person) => approves(hand, person, id, name))
      await assert.rejects(platform.call('DELETE', `/catalog/datasets/${id}/validation/waiver`, undefined, rita), /status_move/)
      await platform.end()
    })
  }

  test('the pages of policies are well on a phone, in Korean and in the dark, and for who may only read', async () => {
    const platform = await new Platform().start()
    const { name, dataset } = await policyOf(platform)
    const researcher = await platform.keyFor('rosa', ['researcher'])
    await visit(platform, { key: researcher, width: 390, height: 844, theme: 'dark', language: 'ko' }, 'policies-narrow', async (person) => {
      const { page } = person
      const look = async (what) => {
        await person.picture(`policies-narrow-${what}`)
        assert.deepEqual(await person.axe(), [], what)
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, what)
      }
      await person.go('/catalog/policies')
      await page.getByRole('link', { name }).waitFor()
      assert.equal(await page.getByRole('link', { name: '새 데이터 정책' }).count(), 0)
      await look('list')
      await page.getByRole('link', { name }).click()
      await page.getByText('버전 1에서 바뀐 점').waitFor()
      await page.getByRole('row', { name: /예외 승인 허용 안 함 허용/ }).waitFor()
      assert.equal(await page.getByRole('link', { name: '편집' }).count(), 0)
      await look('one')
      await person.go(`/catalog/datasets/${dataset}?tab=validation`)
      await page.locator('blockquote').waitFor()
      await look('waived')
      await person.go(`/catalog/datasets/${dataset}?tab=validation&finding=2`)
      await page.locator('mark').waitFor()
      await look('finding')
    })
    await put(platform, 'gdpr.eu', {})
    await visit(platform, { key: platform.key }, 'policy-names', async (person) => {
      await person.go('/catalog/policies')
      await person.page.getByRole('link', { name: 'gdpr.eu' }).click()
      await person.page.waitForURL(/gdpr/)
      await person.page.reload()
      await person.page.getByRole('heading', { name: 'gdpr.eu' }).waitFor()
    })
    await platform.end()
  })
}
