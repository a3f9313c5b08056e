// Looks at pages with Chromium: a picture of each in both themes, both languages and two widths, in look/; and says what is wrong:
// console errors, requests to other origins, texts without a translation, sideways scrolling, axe's violations.
//   LLMOPS_UI=http://127.0.0.1:4173 LLMOPS_KEY=... node scripts/look.mjs [/path ...]
import { mkdirSync, readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const ui = process.env.LLMOPS_UI ?? 'http://127.0.0.1:4173'
const key = process.env.LLMOPS_KEY ?? ''
const widths = (process.env.WIDTHS ?? '390,1440').split(',').map(Number)
const looks = (process.env.LOOKS ?? 'light-en,dark-ko,light-ko,dark-en').split(',').map((look) => look.split('-'))
const paths = process.argv.slice(2)
const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
mkdirSync('look', { recursive: true })

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
let wrong = 0
const say = (where, what) => {
  wrong += 1
  console.log(`${where}: ${what}`)
}

for (const width of widths) {
  for (const [theme, language] of looks) {
    const context = await browser.newContext({ viewport: { width, height: Number(process.env.HEIGHT ?? (width < 600 ? 844 : 900)) }, bypassCSP: true })
    await context.addInitScript(([theme, language]) => {
      localStorage.setItem('llmops.theme', theme)
      localStorage.setItem('llmops.language', language)
      localStorage.setItem('llmops.signedIn', 'yes')
    }, [theme, language])
    if (key) {
      const answer = await context.request.post(`${ui}/llm-ops/v1/session`, { headers: { Authorization: `Bearer ${key}`, 'X-Requested-With': 'llmops' } })
      if (!answer.ok()) throw new Error(`sign-in: ${answer.status()}`)
    }
    for (const path of paths) {
      const page = await context.newPage()
      const where = `${path} ${width} ${theme} ${language}`
      page.on('console', (message) => message.type() === 'error' && say(where, message.text()))
      page.on('pageerror', (error) => say(where, error.message))
      page.on('request', (request) => /^https?:/.test(request.url()) && !request.url().startsWith(ui) && say(where, `asks ${request.url()}`))
      await page.goto(ui + path)
      await page.waitForSelector('h1')
      await page.waitForTimeout(Number(process.env.REST ?? 900))
      const name = path.replace(/\W+/g, '-').replace(/^-|-$/g, '') || 'home'
      await page.screenshot({ path: `look/${name}-${width}-${theme}-${language}.png` })
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      if (over > 0) say(where, `scrolls ${over} px sideways`)
      const keys = await page.evaluate(() => document.body.innerText.match(/\b(shell|atoms|lists|session|models|datasets|files|reviews|lineage|forms|training|experiments|evaluation)\.[a-zA-Z.]+/g))
      if (keys) say(where, `untranslated: ${keys}`)
      await page.evaluate(axe)
      const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
      for (const { id, nodes } of violations) say(where, `axe ${id} x${nodes.length}: ${nodes[0].html.slice(0, 160)} | ${nodes[0].failureSummary?.split('\n')[1]?.slice(0, 160)}`)
      await page.close()
    }
    await context.close()
  }
}
await browser.close()
console.log(wrong ? `${wrong} things are wrong` : 'nothing is wrong')
process.exitCode = wrong ? 1 : 0
