// @vitest-environment jsdom
// Another document than that of the other tests: the sanitizer needs one that parses as browsers do.
import { expect, test } from 'vitest'
import { rendered } from './markdown'

test.each([
  ['<script>alert(1)</script>'],
  ['<img src=x onerror=alert(1)>'],
  ['[x](javascript:alert(1))'],
  ['[x](data:text/html,<script>alert(1)</script>)'],
  ['![x](https://evil.example/x.png)'],
  ['<a href="https://x" style="position:fixed" onclick="x()">x</a>'],
  ['[x]: javascript:alert(1)\n\n[x]'],
])('%s is inert', (text) => {
  const page = document.createElement('div')
  page.innerHTML = rendered(text)
  expect(page.querySelector('script, style, iframe, form, img, svg, object')).toBeNull()
  for (const node of page.querySelectorAll('*')) for (const name of node.getAttributeNames()) expect(name).not.toMatch(/^on|^style$|^class$/)
  for (const link of page.querySelectorAll('a')) expect(link.getAttribute('href') ?? '').not.toMatch(/^(javascript|data|vbscript):/i)
})

test('a link leads away without telling where from', () => {
  expect(rendered('[x](https://example.com)')).toContain('rel="noopener noreferrer nofollow"')
})
