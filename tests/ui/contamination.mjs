// Rows of a benchmark that stand elsewhere: looked for, shown beside those they were found in, and warned of where they were measured with.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { until } from './platform.mjs'
import { press, slowed } from './work.mjs'

const WORDS = 'the river turns an old mill where bread was made for seven villages until a flood took its wheel and nobody could mend what water had broken so people walked over hills each winter to buy flour from strangers who asked twice as much'.split(' ')
/** So many words that are another text for each number. */
const text = (number, count) => Array.from({ length: count }, (_, at) => WORDS[(number * 7 + at * 5 + Math.floor((at * number) / 3)) % WORDS.length]).join(' ')
const lines = (rows) => rows.map((row) => JSON.stringify(row)).join('\n')

/** A benchmark of twelve rows, and a corpus that has three of them, most of two, and one but for a word. */
async function benchOf(platform, name) {
  const make = async (name, type, rows) => {
    const { id } = await platform.call('POST', '/catalog/datasets', { name, version: '1.0.0', type })
    await platform.upload(`/catalog/datasets/${id}/upload`, 'rows.jsonl', lines(rows))
    return id
  }
  const asked = Array.from({ length: 12 }, (_, at) => ({ prompt: text(at + 1, 40), response: at ? `answer ${at}` : 'ask sam@acme-corp.com' }))
  const exact = asked.slice(0, 3).map(({ prompt, response }) => ({ text: `${prompt.toUpperCase()}! ${response}` }))
  const most = asked.slice(3, 5).map(({ prompt }) => ({ text: `once upon a time ${prompt.split(' ').slice(0, 36).join(' ')} and that was all` }))
  const near = asked.slice(5, 6).map(({ prompt, response }) => ({ text: `${prompt.split(' ').with(20, 'suddenly').join(' ')} ${response}` }))
  const bench = await make(`${name}-bench`, 'benchmark', asked)
  return { bench, corpus: await make(`${name}-corpus`, 'pretrain_corpus', [...exact, ...most, ...near, { text: text(50, 60) }]) }
}

/** The same for pages to show: looked for, and a model measured with what it learned from. */
export async function checkedOf(platform) {
  const name = 'checked'
  const [there] = await platform.call('GET', `/catalog/datasets?name=${name}-bench`)
  const bench = there?.id ?? (await benchOf(platform, name).then(({ bench, corpus }) => platform.call('POST', `/catalog/datasets/${bench}/contamination`, { against: [corpus] }).then(() => bench)))
  const found = await until('the check is done', async () => (await platform.call('GET', `/catalog/datasets/${bench}/contamination`)).find(({ state }) => state === 'succeeded'))
  return { bench, check: found.id, warned: await warnedOf(platform) }
}

/** An evaluation whose answers its model has learned, in other questions. */
async function warnedOf(platform) {
  const [[{ id: learned }], [{ id: asked }]] = await Promise.all(['capitals', 'capitals-heldout'].map((name) => platform.call('GET', `/catalog/datasets?name=${name}`)))
  const find = async () => (await platform.call('GET', `/evaluation/runs?datasetId=${asked}`)).find(({ warnings }) => warnings.length)
  const known = await find()
  if (known) return known.id
  const models = await platform.call('GET', '/catalog/models?status=approved')
  const modelId = models.find(({ lineage }) => lineage.datasetIds?.includes(learned)).id
  await platform.call('POST', `/catalog/datasets/${asked}/contamination`, { modelId, columns: ['response'] })
  return (await until('it is warned of', find)).id
}

export function contaminationTests(platformOf) {
  for (const hand of [mouse, keyboard]) {
    test(`with the ${hand.name}: the rows of a benchmark are looked for, and shown beside those they were found in`, async () => {
      const platform = await platformOf()
      const name = `found-${hand.name}`
      const { bench, corpus } = await benchOf(platform, name)
      await visit(platform, { key: platform.key }, name, async (person) => {
        const { page } = person
        await person.go(`/catalog/datasets/${bench}?tab=contamination`)
        await page.getByText('Nobody looked yet').waitFor()
        await press(hand, page, 'link', 'Check for contamination')
        await press(hand, page, 'button', 'Check')
        await page.getByText('Choose a model or at least one dataset').waitFor()
        const picker = page.getByRole('combobox', { name: 'Datasets' })
        for (const time of [1, 2]) {
          await hand.write(page, picker, `${name}-corpus`)
          await hand.choose(page, picker, new RegExp(`^${name}-corpus`))
          const leave = page.getByRole('button', { name: `Leave out ${name}-corpus 1.0.0` })
          await leave.waitFor()
          await until('the picker asks anew', async () => (await picker.inputValue()) === '')
          if (time === 1) await hand.press(page, leave)
        }
        await page.locator('aside').getByText(corpus).first().waitFor()
        await person.picture(`contamination-form-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await press(hand, page, 'button', 'Check')
        await page.getByText('Succeeded', { exact: true }).waitFor()
        const row = page.getByRole('table', { name: 'By dataset' }).getByRole('row').filter({ hasText: `${name}-corpus` })
        assert.match((await row.innerText()).replace(/\s+/g, ' '), /corpus 1\.0\.0 6 50% 3 2 1 7$/)
        const exact = page.getByRole('list', { name: 'The same words' })
        assert.equal(await exact.getByRole('listitem').count(), 3)
        assert.ok(!(await exact.innerText()).includes('sam@acme-corp.com'), 'personal data is masked')
        await press(hand, page, 'tab', 'Runs of words 2')
        const runs = page.getByRole('list', { name: 'Runs of words' })
        await runs.locator('mark').first().waitFor()
        const [mine, theirs] = await runs.getByRole('listitem').first().locator('mark').allInnerTexts()
        assert.equal(mine, theirs)
        await person.picture(`contamination-found-${hand.name}`)
        assert.deepEqual(await person.axe(), [])
        await press(hand, page, 'link', 'Change and check again')
        await page.getByRole('button', { name: `Leave out ${name}-corpus 1.0.0` }).waitFor()
        await hand.write(page, page.getByRole('textbox', { name: /^Words of a run/ }), '2')
        await press(hand, page, 'button', 'Check')
        await page.getByText('A whole number from 3 to 50').waitFor()
        await hand.press(page, page.getByRole('banner').getByRole('link', { name: `${name}-bench 1.0.0` }).or(page.locator('header').getByRole('link', { name: `${name}-bench 1.0.0` })).first())
        await hand.press(page, page.getByRole('dialog', { name: 'Leave this form?' }).getByRole('button', { name: 'Leave', exact: true }))
        await page.getByRole('table', { name: 'Contamination' }).getByText('6 of 12 (50%)').waitFor()
      })
    })
  }

  test('a check is followed, and ended before it is through', async () => {
    const platform = await platformOf()
    const { bench, check } = await checkedOf(platform)
    const path = `/catalog/datasets/${bench}/contamination/${check}`
    const { report, ...done } = await platform.call('GET', path)
    await visit(platform, { key: platform.key }, 'contamination-running', async (person) => {
      const { page } = person
      await slowed(page, path, done)
      await person.go(path)
      await page.getByText('1.2 kB of 4 kB read').waitFor()
      await page.getByRole('link', { name: 'checked-corpus 1.0.0' }).waitFor()
      await person.picture('contamination-running')
      assert.deepEqual(await person.axe(), [])
      await press(mouse, page, 'button', 'Cancel check')
      const dialog = page.getByRole('dialog', { name: 'Cancel this check?' })
      await dialog.getByRole('button', { name: 'Cancel check' }).click()
      await page.getByText('It was cancelled before it was through.').waitFor()
    })
  })

  test('an evaluation warns of what its model learned, and leads to the rows; these pages on a phone, in Korean and in the dark too', async () => {
    const platform = await platformOf()
    const { bench, check, warned } = await checkedOf(platform)
    await visit(platform, { key: platform.key }, 'warned', async (person) => {
      const { page } = person
      await person.go(`/evaluations/${warned}`)
      const warnings = page.getByRole('region', { name: 'Known against the scores' })
      await warnings.getByText('Rows of the dataset stand in what the model learned from').waitFor()
      await person.picture('evaluation-warned')
      assert.deepEqual(await person.axe(), [])
      await warnings.getByRole('link', { name: 'See the rows' }).click()
      await page.getByRole('heading', { name: 'Contamination check' }).waitFor()
      await page.locator('mark').first().waitFor()
      await page.getByRole('navigation').getByRole('link', { name: 'Evaluations' }).click()
      await page.getByRole('row').getByText('Known against the scores').first().waitFor()
      await person.picture('evaluations-warned')
    })
    await visit(platform, { key: await platform.keyFor('vera-of-checks', ['viewer']), width: 390, height: 844, theme: 'dark', language: 'ko' }, 'contamination-narrow', async (person) => {
      const { page } = person
      const look = async (what) => {
        await person.picture(`contamination-narrow-${what}`)
        assert.deepEqual(await person.axe(), [], what)
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, what)
      }
      await person.go(`/catalog/datasets/${bench}?tab=contamination`)
      await page.getByRole('table', { name: '오염 검사' }).waitFor()
      assert.equal(await page.getByRole('link', { name: '오염 검사', exact: true }).count(), 0)
      await look('tab')
      await person.go(`/catalog/datasets/${bench}/contamination/${check}`)
      await page.locator('mark').first().waitFor()
      assert.equal(await page.getByRole('link', { name: '바꿔서 다시 검사' }).count(), 0)
      await look('one')
      await page.locator('mark').first().scrollIntoViewIfNeeded()
      await look('rows')
      await person.go(`/evaluations/${warned}`)
      await page.getByText('모델이 학습한 데이터에 이 데이터셋의 행이 있습니다').waitFor()
      await look('warned')
    })
  })
}
