// The frame around every page: ways to go that are typed, the map of the keys, language and theme, the sidebar of a narrow window.
import assert from 'node:assert/strict'
import test from 'node:test'
import { visit } from './browser.mjs'
import { keyboard, mouse } from './hands.mjs'
import { press } from './work.mjs'

const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
const html = (page, name) => page.evaluate((name) => document.documentElement.getAttribute(name), name)

/** Opens the palette: by its button in the sidebar, or with its keys. */
async function openPalette(hand, page) {
  if (hand === mouse) await page.getByRole('button', { name: 'Search or jump to…' }).click()
  else await page.keyboard.press('Control+K')
  const palette = page.getByRole('dialog', { name: 'Search or jump to…' })
  await palette.getByRole('textbox').or(palette.getByRole('combobox')).first().waitFor()
  return palette
}

function ways(platformOf, hand) {
  test(`with the ${hand.name}: the palette leads to a page, to a thing and to an action`, async () => {
    const platform = await platformOf()
    await visit(platform, { key: platform.key }, `palette-${hand.name}`, async (person) => {
      const { page } = person
      await person.go('/')
      await heading(page, 'Getting started')
      for (const [typed, option, path] of [['evaluat', 'Evaluations', /\/evaluations$/], ['capitals', /^capitals/, /\/catalog\/datasets\/[0-9a-f-]{36}$/], ['new data', 'New dataset', /\/catalog\/datasets\/new$/]]) {
        const palette = await openPalette(hand, page)
        await page.keyboard.type(typed)
        const line = palette.getByRole('option', { name: option }).first()
        await line.waitFor()
        if (typed === 'evaluat') assert.deepEqual(await person.axe(), [])
        await hand.press(page, line)
        await page.waitForURL(path)
        await palette.waitFor({ state: 'detached' })
      }
      const palette = await openPalette(hand, page)
      await page.keyboard.type('no such thing')
      await palette.getByText('Nothing found').waitFor()
      await page.keyboard.press('Escape')
      await palette.waitFor({ state: 'detached' })
    })
  })

  test(`with the ${hand.name}: an id that is pasted into the palette leads to what it is of`, async () => {
    const platform = await platformOf()
    const [[model], [dataset], [endpoint]] = await Promise.all(['catalog/models?name=quickstart-capitals', 'catalog/datasets?name=capitals', 'serving/endpoints'].map((path) => platform.call('GET', `/${path}`)))
    await visit(platform, { key: platform.key }, `palette-ids-${hand.name}`, async (person) => {
      const { page } = person
      await person.go('/')
      await heading(page, 'Getting started')
      for (const [of, path, name] of [[model, 'catalog/models', model.name], [dataset, 'catalog/datasets', dataset.name], [endpoint, 'serving/endpoints', endpoint.route]]) {
        // Whole, as an address has it, and its end, as a list shows it.
        for (const typed of [` ${of.id.toUpperCase()} `, of.id.slice(-8)]) {
          const palette = await openPalette(hand, page)
          await page.keyboard.insertText(typed)
          await hand.press(page, palette.getByRole('option', { name: new RegExp(`^${name}`) }).first())
          await page.waitForURL(new RegExp(`/${path}/${of.id}$`))
          await palette.waitFor({ state: 'detached' })
        }
      }
    })
  })

  test(`with the ${hand.name}: a language and a theme show at once and stay after a reload`, async () => {
    const platform = await platformOf()
    await visit(platform, { key: platform.key, theme: 'system' }, `looks-${hand.name}`, async (person) => {
      const { page } = person
      await page.emulateMedia({ colorScheme: 'light' })
      await person.go('/catalog/models')
      await heading(page, 'Models')
      await press(hand, page, 'button', 'Language')
      await press(hand, page, 'menuitem', '한국어')
      await heading(page, '모델')
      await page.reload()
      await heading(page, '모델')
      assert.equal(await html(page, 'lang'), 'ko')
      await press(hand, page, 'button', '언어')
      await press(hand, page, 'menuitem', 'English')
      await heading(page, 'Models')
      for (const [choice, withLight, withDark] of [['Dark', 'dark', 'dark'], ['Light', 'light', 'light'], ['As the system', 'light', 'dark']]) {
        await press(hand, page, 'button', 'Theme')
        await press(hand, page, 'menuitem', choice)
        for (const reloaded of [false, true]) {
          if (reloaded) await page.reload()
          await heading(page, 'Models')
          for (const [colorScheme, theme] of [['dark', withDark], ['light', withLight]]) {
            await page.emulateMedia({ colorScheme })
            await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, theme)
          }
        }
        await press(hand, page, 'button', 'Theme')
        assert.equal(await page.getByRole('menuitem', { name: choice }).getAttribute('aria-current'), 'true')
        await page.keyboard.press('Escape')
      }
    })
  })

  test(`with the ${hand.name}: the sidebar of a narrow window comes, leads on and goes`, async () => {
    const platform = await platformOf()
    await visit(platform, { key: platform.key, width: 390, height: 844 }, `drawer-${hand.name}`, async (person) => {
      const { page } = person
      await person.go('/catalog/models')
      await heading(page, 'Models')
      const drawer = page.getByRole('dialog', { name: 'Navigation' })
      await press(hand, page, 'button', 'Navigation')
      await drawer.waitFor()
      assert.equal(await drawer.getByRole('link', { name: 'Models', exact: true }).getAttribute('aria-current'), 'page')
      assert.deepEqual(await person.axe(), [])
      await hand.press(page, drawer.getByRole('link', { name: 'Datasets', exact: true }))
      await page.waitForURL(/\/catalog\/datasets$/)
      await drawer.waitFor({ state: 'detached' })
      await press(hand, page, 'button', 'Navigation')
      await drawer.waitFor()
      if (hand === mouse) await page.mouse.click(370, 400)
      else await page.keyboard.press('Escape')
      await drawer.waitFor({ state: 'detached' })
    })
  })

  for (const [width, height] of [[1440, 900], [390, 844]]) {
    test(`with the ${hand.name}: the help tells the keys of the page, at ${width} px`, async () => {
      const platform = await platformOf()
      await visit(platform, { key: platform.key, width, height }, `help-${hand.name}-${width}`, async (person) => {
        const { page } = person
        await person.go('/catalog/models')
        await heading(page, 'Models')
        await page.keyboard.press('?')
        const help = page.getByRole('dialog', { name: 'Keyboard' })
        await help.getByText('Filter the list').waitFor()
        await person.picture(`help-${width}`)
        assert.deepEqual(await person.axe(), [])
        // The end of the map can be read with either hand.
        const body = help.getByRole('group', { name: 'Keyboard' })
        const last = help.locator('dd').last()
        const inSight = () => last.evaluate((line) => line.getBoundingClientRect().bottom <= line.closest('[role=group]').getBoundingClientRect().bottom + 1)
        assert.equal(await inSight(), false)
        if (hand === mouse) await body.hover().then(() => page.mouse.wheel(0, 3000))
        else {
          await page.keyboard.press('Tab')
          await page.keyboard.press('End')
        }
        for (let tries = 0; tries < 40 && !(await inSight()); tries += 1) await page.waitForTimeout(50)
        assert.ok(await inSight())
        await hand.press(page, help.getByRole('button', { name: 'Close' }))
        await help.waitFor({ state: 'detached' })
      })
    })
  }
}

export function shellTests(platformOf) {
  for (const hand of [mouse, keyboard]) ways(platformOf, hand)

  test('keys jump between pages and within a list, and are typed where somebody types', async () => {
    const platform = await platformOf()
    await visit(platform, { key: platform.key }, 'jumps', async (person) => {
      const { page } = person
      await person.go('/')
      await heading(page, 'Getting started')
      await page.keyboard.type('gm')
      await heading(page, 'Models')
      await page.getByRole('row').nth(1).waitFor()
      await page.keyboard.type('j')
      const focused = () => page.evaluate(() => document.activeElement.closest('[data-at]')?.dataset.at)
      assert.equal(await focused(), '0')
      await page.keyboard.type('jk')
      assert.equal(await focused(), '0')
      await page.keyboard.press('/')
      await page.keyboard.type('gd')
      await page.waitForURL(/\/catalog\/models\?text=gd$/)
      await page.getByText('Nothing matches these filters').waitFor()
      await page.locator('h1').click()
      const sidebar = page.locator('aside')
      const wide = (await sidebar.boundingBox()).width
      await page.keyboard.press('[')
      assert.ok((await sidebar.boundingBox()).width < wide)
      await page.reload()
      await heading(page, 'Models')
      assert.ok((await sidebar.boundingBox()).width < wide, 'it stays narrow')
      await page.keyboard.type('gd')
      await heading(page, 'Datasets')
    })
  })

  test('the first stop of Tab leads past the navigation', async () => {
    const platform = await platformOf()
    await visit(platform, { key: platform.key }, 'skip', async (person) => {
      const { page } = person
      await person.go('/catalog/models')
      await heading(page, 'Models')
      await page.keyboard.press('Tab')
      const skip = page.getByRole('link', { name: 'Skip to the page' })
      assert.ok(await skip.evaluate((link) => link === document.activeElement && link.getBoundingClientRect().width > 50))
      await page.keyboard.press('Enter')
      assert.equal(await page.evaluate(() => document.activeElement.id), 'main')
      await page.keyboard.press('Tab')
      assert.ok(await page.evaluate(() => document.activeElement.closest('main') !== null))
    })
  })

  for (const width of [1440, 390]) {
    test(`a lineage fits into its frame, or begins with what it is about, at ${width} px`, async () => {
      const platform = await platformOf()
      const [model] = await platform.call('GET', '/catalog/models?name=quickstart-capitals')
      await visit(platform, { key: platform.key, width }, `lineage-${width}`, async (person) => {
        await person.go(`/catalog/models/${model.id}?tab=lineage`)
        const graph = person.page.getByRole('region', { name: 'Lineage' })
        const here = graph.locator('[aria-current=true]').filter({ hasText: model.name })
        await here.waitFor()
        assert.equal(await graph.evaluate((box) => box.scrollWidth > box.clientWidth), width === 390)
        const [frame, box] = [await graph.boundingBox(), await here.boundingBox()]
        assert.ok(box.x >= frame.x && box.x + box.width <= frame.x + frame.width, JSON.stringify([frame, box]))
      })
    })
  }
}
