import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { nextTick } from 'vue'
import { openBook } from '@/said/said'
import { language } from '@/use/texts'
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

test('a sentence of the platform is in the language of the page, as its title too, and what was written is known', async () => {
  const said = mount(SaidText, { props: { text: 'its model is `tiny` 1.0.0', titled: true } })
  expect([said.text(), said.attributes('data-said')]).toEqual(['its model is tiny 1.0.0', ''])
  language.value = 'ko'
  await openBook()
  await nextTick()
  expect([said.text(), said.get('code').text(), said.attributes('title'), said.attributes('data-said')]).toEqual(['모델 tiny 1.0.0이(가) 만들어졌습니다', 'tiny', '모델 `tiny` 1.0.0이(가) 만들어졌습니다', 'its model is `tiny` 1.0.0'])
  language.value = 'en'
})
