// Every page, with data and without, in both languages and themes, narrow and wide: nothing in the console, nothing from elsewhere,
// nothing that axe finds, no sideways scrolling. Tabs within pages change language and theme without being loaded again; axe leaves out
// the last of their four looks, whose texts and colours it has seen. What the server says is Korean where the page is. A picture of each
// is kept.
import assert from 'node:assert/strict'
import test from 'node:test'
import { approvalOf } from './approval.mjs'
import { Person } from './browser.mjs'
import { checkedOf } from './contamination.mjs'
import { cardedOf } from './cards.mjs'
import { pairOf, talksOf } from './datasets.mjs'
import { sentOf } from './exports.mjs'
import { farOf } from './imports.mjs'
import { Platform, rest } from './platform.mjs'
import { policyOf } from './policies.mjs'
import { countedOf } from './tokens.mjs'
import { trashedOf } from './trash.mjs'

const EMPTY = ['/', '/catalog/models', '/catalog/datasets', '/catalog/imports', '/catalog/imports/new', '/catalog/exports', '/catalog/exports/new', '/catalog/trash', '/catalog/policies', '/catalog/policies/new', '/catalog/approval-policy', '/training/jobs', '/training/jobs/submit', '/experiments', '/evaluations', '/evaluations/new', '/serving/endpoints', '/serving/endpoints/deploy', '/chat', '/governance/costs', '/admin/credentials']

/** The addresses of all pages of a platform on which the story was told, and of the tabs within them. */
async function addresses(platform) {
  const of = async (path) => (await platform.call('GET', path)).map(({ id }) => id)
  const models = await of('/catalog/models?status=approved')
  const [data] = await of('/catalog/datasets?name=capitals')
  const jobs = await of('/training/jobs?status=succeeded')
  const runs = await Promise.all(jobs.map(async (id) => (await platform.call('GET', `/training/jobs/${id}/experiment-run`)).id))
  const evaluations = await of('/evaluation/runs')
  const [endpoint] = await of('/serving/endpoints')
  const { first, second, derivation } = await pairOf(platform)
  const talks = await talksOf(platform)
  const carded = await cardedOf(platform)
  const { name: policy, dataset: held } = await policyOf(platform)
  const { bench, check, warned } = await checkedOf(platform)
  const { counted, count } = await countedOf(platform)
  await trashedOf(platform)
  await approvalOf(platform)
  const detail = (path, ...tabs) => ({ path, tabs: tabs.map((tab) => `${path}?tab=${tab}`) })
  const pages = [
    detail(`/catalog/models/${models[0]}`, 'files', 'versions', 'lineage', 'reviews', 'evaluations', 'endpoints'),
    detail(`/catalog/datasets/${data}`, 'statistics', 'validation', 'files', 'versions', 'derivations', 'lineage', 'reviews'),
    detail(`/catalog/datasets/${second}`, 'validation', 'versions'),
    { path: `/catalog/datasets/${talks}`, tabs: [`/catalog/datasets/${talks}?open=1`, `/catalog/datasets/${talks}?tab=files`] },
    { path: `/catalog/datasets/${carded}?tab=card`, tabs: [] },
    { path: `/catalog/datasets/${second}/compare?a=1.0.0&b=1.1.0&key=prompt`, tabs: ['added', 'removed'].map((tab) => `/catalog/datasets/${second}/compare?a=1.0.0&b=1.1.0&key=prompt&tab=${tab}`) },
    { path: `/catalog/datasets/${second}/derive`, tabs: ['filter', 'map', 'dedupe', 'redact', 'sample', 'convert', 'tokens'].map((kind) => `/catalog/datasets/${second}/derive?kind=${kind}`) },
    { path: `/catalog/datasets/${first}/derivations/${derivation}`, tabs: [`/catalog/datasets/${first}?tab=derivations`] },
    { path: `/catalog/datasets/${bench}/contamination/${check}`, tabs: [`/catalog/datasets/${bench}?tab=contamination`, `/catalog/datasets/${bench}/contamination/${check}?tab=near`] },
    { path: `/catalog/datasets/${counted}/tokens/${count}`, tabs: [`/catalog/datasets/${counted}?tab=tokens`, `/catalog/datasets/${counted}?column=prompt`] },
    ...['contamination/new', `contamination/new?again=${check}`].map((page) => detail(`/catalog/datasets/${bench}/${page}`)),
    ...['tokens/new', `tokens/new?again=${count}`].map((page) => detail(`/catalog/datasets/${counted}/${page}`)),
    { path: '/catalog/approval-policy', tabs: ['edit=yes', 'version=1'].map((query) => `/catalog/approval-policy?${query}`) },
    { path: `/catalog/policies/${policy}`, tabs: ['edit=yes', 'version=1'].map((query) => `/catalog/policies/${policy}?${query}`) },
    { path: `/catalog/datasets/${held}?tab=validation`, tabs: [`/catalog/datasets/${held}?tab=validation&finding=1`] },
    detail(`/training/jobs/${jobs[0]}`, 'logs', 'output', 'settings'),
    detail(`/experiments/${runs[0]}`, 'params', 'values'),
    detail(`/evaluations/${evaluations[0]}`, 'samples', 'history'),
    detail(`/evaluations/${warned}`),
    detail(`/serving/endpoints/${endpoint}`, 'revisions', 'logs', 'use'),
    { path: '/catalog/trash', tabs: ['/catalog/trash?tab=dataset'] },
    detail('/governance/costs', 'entries', 'prices'),
  ]
  const only = process.env.UI_PATHS?.split(' ')
  if (only) return { pages: only, tabs: [] }
  return {
    pages: [
      '/', '/sign-in', '/catalog/models', '/catalog/models/new', '/catalog/datasets', '/catalog/datasets/new', '/catalog/imports', '/catalog/imports/new',
      `/catalog/imports/${await farOf(platform)}`, '/catalog/exports', `/catalog/exports/new?modelId=${models[0]}`, `/catalog/exports/${await sentOf(platform)}`, '/catalog/policies', '/catalog/policies/new', '/training/jobs', '/training/jobs/submit',
      `/training/jobs/submit?from=${jobs[0]}`, '/experiments', `/experiments/compare?runs=${runs.join()}`, '/evaluations', '/evaluations/new',
      `/evaluations/compare?runs=${evaluations.slice(0, 2).join()}`, '/serving/endpoints', '/serving/endpoints/deploy', '/chat', '/governance/audit',
      '/admin/keys', '/admin/keys/new', '/admin/credentials', '/admin/health', '/nowhere', ...pages.map(({ path }) => path),
    ],
    tabs: pages.flatMap(({ tabs }) => tabs),
  }
}

/** What a page is called in the name of its picture. */
const nameOf = (path) => path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}(,[0-9a-f-]+)*/g, 'one').replace(/\W+/g, '-').replace(/^-|-$/g, '') || 'start'

/** Waits until a page is there as a whole. */
async function comes(person, path) {
  const { page } = person
  await person.go(path)
  await page.waitForSelector('h1')
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true], main .animate-pulse'), null, { timeout: 10_000 })
  await rest(250)
}

/** Sentences of the server that these pages have: a job's, an endpoint's, of metrics, of rows that were validated, of scores. */
const SAID = ['attempt 1 is training', 'the replica is ready', 'The overlap of words with the best reference', 'values are missing', 'makes a version without it', 'learned from']

/** What the server says on a page that is Korean: in Korean, as the server wrote it; and what of it nobody has put into Korean. */
const heard = (page) =>
  page.evaluate(() => {
    if (document.documentElement.lang !== 'ko') return { known: [], unknown: [] }
    const all = [...document.querySelectorAll('[data-said]')]
    // Names and code are the same in every language.
    const words = (place) => [...place.childNodes].filter((part) => part.nodeName !== 'CODE').map((part) => part.textContent).join(' ')
    const unknown = all.map(words).filter((text) => /[a-z]{2}/i.test(text) && !/[가-힣]/.test(text))
    return { known: all.map((place) => place.dataset.said).filter(Boolean), unknown }
  })

/** Looks at what is open in these themes; in `axe` of them axe does, too: at everything in the first, at the colours in the next. */
async function look(person, { path, themes, axe = themes.length, where, wrong, told }) {
  const { page } = person
  for (const [at, theme] of themes.entries()) {
    await page.emulateMedia({ colorScheme: theme })
    await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, theme)
    await rest(150)
    await person.picture(`${nameOf(path)}-${where}-${theme}`)
    for (const what of at < axe ? await person.axe({ coloursOnly: at > 0 }) : []) wrong.push(`${path} ${where} ${theme}: ${what}`)
  }
  const { known, unknown } = await heard(page)
  for (const sentence of known) told.add(sentence)
  for (const sentence of unknown) wrong.push(`${path} ${where}: says in English '${sentence}'; its Korean belongs into src/said/ko`)
  // What holds the page scrolls in itself: a window that cannot be pushed aside may still cut it off.
  const over = await page.evaluate(() => Math.max(...[...document.querySelectorAll('html, main')].map((box) => box.scrollWidth - box.clientWidth)))
  if (over > 0) wrong.push(`${path} ${where}: scrolls ${over} px sideways`)
  const tabs = await page.locator('[role=tab][aria-selected=true]').evaluateAll((tabs) => tabs.filter((tab) => tab.getBoundingClientRect().right > innerWidth).map((tab) => tab.innerText))
  if (tabs.length) wrong.push(`${path} ${where}: the tab ${tabs} is out of sight`)
}

/** As when the language is chosen in another window of the same browser: the page that is open follows. */
async function speak(page, language) {
  await page.evaluate((language) => {
    localStorage.setItem('llmops.language', language)
    dispatchEvent(new StorageEvent('storage', { key: 'llmops.language' }))
  }, language)
  await page.waitForFunction((language) => document.documentElement.lang === language, language)
}

/** Hands on what the server said in Korean. */
async function lookAtAll(platform, views) {
  const [wrong, told] = [[], new Set()]
  await Promise.all(views.map(async ({ width, language, paths, kind = '' }) => {
    const person = await Person.come(platform, { key: platform.key, width, height: width < 600 ? 844 : 900, theme: 'system', language })
    // The language of one that speaks both stays as it was last: no page is loaded twice.
    let spoken = language
    for (const { path, both, ...how } of paths) {
      const seen = async () => {
        await person.page.emulateMedia({ colorScheme: how.themes[0] })
        await comes(person, path)
        await look(person, { path, ...how, where: `${kind}${width}-${spoken}`, wrong, told })
        if (!both) return
        await speak(person.page, spoken === 'en' ? 'ko' : 'en')
        spoken = spoken === 'en' ? 'ko' : 'en'
        await look(person, { path, ...how, themes: how.themes.toReversed(), axe: 1, where: `${kind}${width}-${spoken}`, wrong, told })
      }
      await seen().catch((failure) => wrong.push(`${path} ${width} ${spoken}: ${failure.message}`))
    }
    wrong.push(...person.complaints.map((what) => `${width} ${language}: ${what}`))
    await person.leave()
  }))
  assert.deepEqual(wrong, [])
  return [...told]
}

const BOTH = ['light', 'dark']

export function pagesTests(platformOf) {
  for (const width of [1440, 390]) {
    test(`every page is well at ${width} px, in both languages and both themes`, async () => {
      const platform = await platformOf()
      const { pages, tabs } = await addresses(platform)
      const all = pages.map((path) => ({ path, themes: BOTH }))
      const within = tabs.map((path) => ({ path, themes: BOTH, both: true }))
      const half = Math.ceil(tabs.length / 2)
      const told = await lookAtAll(platform, [
        { width, language: 'en', paths: [...all, ...within.slice(0, half)] },
        { width, language: 'ko', paths: [...all, ...within.slice(half)] },
      ])
      if (!process.env.UI_PATHS) assert.deepEqual(SAID.filter((part) => !told.some((sentence) => sentence.includes(part))), [], 'every kind of sentence is looked at')
    })
  }

  test('every page is well where there is nothing yet', async () => {
    const platform = await new Platform().start()
    await lookAtAll(platform, [
      { kind: 'empty-', width: 1440, language: 'en', paths: EMPTY.map((path) => ({ path, themes: ['light'] })) },
      { kind: 'empty-', width: 390, language: 'ko', paths: EMPTY.map((path) => ({ path, themes: ['dark'] })) },
    ])
    await platform.end()
  })

  test('every page is well in the narrowest window, with its tabs, and in the widest', async () => {
    const platform = await platformOf()
    const { pages, tabs } = await addresses(platform)
    const within = (paths, theme) => paths.map((path) => ({ path, themes: [theme] }))
    const halves = [0, 1].map((half) => [...pages, ...tabs].filter((_, at) => at % 2 === half))
    await lookAtAll(platform, [
      ...halves.map((paths) => ({ width: 320, language: 'en', paths: within(paths, 'dark') })),
      { width: 2560, language: 'ko', paths: within(pages, 'light') },
    ])
  })
}
