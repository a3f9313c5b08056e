// Weighs what a browser loads for each page: gzipped bytes of JavaScript and CSS, and how many files.
//   LLMOPS_UI=http://127.0.0.1:4173 LLMOPS_KEY=... node scripts/weigh.mjs /path ...
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'

const ui = process.env.LLMOPS_UI ?? 'http://127.0.0.1:4173'
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
for (const path of process.argv.slice(2)) {
  const context = await browser.newContext()
  await context.addInitScript(() => localStorage.setItem('llmops.signedIn', 'yes'))
  if (process.env.LLMOPS_KEY) await context.request.post(`${ui}/llm-ops/v1/session`, { headers: { Authorization: `Bearer ${process.env.LLMOPS_KEY}`, 'X-Requested-With': 'llmops' } })
  const page = await context.newPage()
  const sum = { js: 0, css: 0, files: 0 }
  const reports = []
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && reports.push(message.text()))
  const urls = new Set()
  page.on('response', (response) => /\.(js|css)$/.test(new URL(response.url()).pathname) && urls.add(response.url()))
  await page.goto(ui + path)
  await page.waitForSelector('h1')
  await page.waitForTimeout(1500)
  for (const url of urls) {
    const bytes = await (await context.request.get(url)).body()
    sum.files += 1
    sum[url.endsWith('.css') ? 'css' : 'js'] += gzipSync(bytes, { level: 9 }).length
  }
  console.log(path, `${(sum.js / 1000).toFixed(1)} kB js, ${(sum.css / 1000).toFixed(1)} kB css, ${sum.files} files`, reports.length ? reports : 'policy kept')
  await context.close()
}
await browser.close()
