import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import SaidText from './SaidText.vue'
import { spansOf } from './spans'

test.each([
  ['model `tiny` exists', ['model ', '<tiny>', ' exists']],
  ['`a` and `b`', ['<a>', ' and ', '<b>']],
  ['one ` alone', ['one ` alone']],
  ['', []],
])('%s', (text, parts) => expect(spansOf(text).map(({ text, code }) => (code ? `<${text}>` : text))).toEqual(parts))

test('what a message holds becomes no HTML', () => {
  const said = mount(SaidText, { props: { text: 'no `<img src=x onerror=alert(1)>` <b>here</b>' } })
  expect(said.findAll('img, b')).toHaveLength(0)
  expect(said.text()).toBe('no <img src=x onerror=alert(1)> <b>here</b>')
})
