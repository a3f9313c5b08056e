// Chromium, and pages that note whatever must never happen on one.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rest } from './platform.mjs'
import { chromium } from '../../llmops-server/ui/node_modules/playwright-core/index.mjs'

const ROOT = new URL('../../', import.meta.url).pathname
/** Where pictures go: of pages as they are, and of what a test saw when it failed. */
export const PICTURES = join(ROOT, 'tests/out/ui')
const AXE = readFileSync(join(ROOT, 'llmops-server/ui/node_modules/axe-core/axe.min.js'), 'utf8')
/** WCAG 2.2 AA, and what axe counts as good practice. */
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }
/** Those of them that a theme decides. */
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }
mkdirSync(PICTURES, { recursive: true })

let browser
export const open = async () => (browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] }))
/** Ends it; one that does not end is killed with this process. */
export const close = async () => browser && Promise.race([browser.close(), rest(10_000)])

/** A window of somebody: signed in with a key, or not. `complaints` is what must be empty in the end. */
export class Person {
  static async come(platform, { key, width = 1440, height = 900, theme = 'light', language = 'en' } = {}) {
    const person = new Person()
    Object.assign(person, { platform, complaints: [], expected: [] })
    const window = await (await open()).newContext({ viewport: { width, height }, locale: language === 'ko' ? 'ko-KR' : 'en-GB', acceptDownloads: true })
    person.window = window
    await window.addInitScript(([theme, language]) => {
      // As found; what the person chooses then is his.
      for (const [name, value] of Object.entries({ theme, language })) localStorage.getItem(`llmops.${name}`) ?? localStorage.setItem(`llmops.${name}`, value)
      addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} refuses ${event.blockedURI || 'inline'}`))
    }, [theme, language])
    if (key) {
      const answer = await window.request.post(`${platform.url}/llm-ops/v1/session`, { headers: { Authorization: `Bearer ${key}`, 'X-Requested-With': 'llmops' } })
      if (!answer.ok()) throw new Error(`sign-in: ${answer.status()}`)
      await window.addInitScript(() => localStorage.setItem('llmops.signedIn', 'yes'))
    }
    await person.newPage()
    return person
  }

  async newPage() {
    const page = (this.page = await this.window.newPage())
    page.setDefaultTimeout(20_000)
    const complain = (what) => this.expected.some((one) => one.test(what)) || this.complaints.push(`${new URL(page.url()).pathname}: ${what}`)
    page.on('console', (message) => message.type() === 'error' && complain(message.text()))
    page.on('pageerror', (error) => complain(error.message))
    page.on('request', (request) => /^(https?|wss?):/.test(request.url()) && !request.url().startsWith(this.platform.url) && complain(`asks ${request.url()}`))
    return page
  }

  /** Something that a test provokes, and that may therefore stand in the console. */
  expects(...what) {
    this.expected.push(...what)
  }

  go(path) {
    return this.page.goto(this.platform.url + path)
  }

  picture(name) {
    return this.page.screenshot({ path: join(PICTURES, `${name.replace(/[^\w]+/g, '-').replace(/^-|-$/g, '')}.png`) })
  }

  /** What axe finds wrong: with everything, or with the colours of a page that was looked at in another theme before. */
  async axe({ coloursOnly = false } = {}) {
    if (!coloursOnly) await this.page.evaluate(AXE)
    // What passed is neither described nor brought over: it is nearly all of a page, and nobody reads it.
    const violations = await this.page.evaluate(
      async (rules) => (await window.axe.run({ runOnly: rules, resultTypes: ['violations'], preload: false })).violations,
      coloursOnly ? COLOURS : RULES,
    )
    return violations.map(({ id, nodes }) => `axe ${id} x${nodes.length}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary?.split('\n')[1]?.trim() ?? ''}`)
  }

  leave() {
    return this.window.close()
  }
}

/** A test in a window: what it saw is kept when it fails, and nothing may have been complained of. */
export async function visit(platform, options, name, walk) {
  const person = await Person.come(platform, options)
  try {
    const found = await walk(person)
    if (person.complaints.length) throw new Error(person.complaints.join('\n'))
    return found
  } catch (failure) {
    await person.picture(`failed-${name}`).catch(() => {})
    throw failure
  } finally {
    await person.leave()
  }
}
