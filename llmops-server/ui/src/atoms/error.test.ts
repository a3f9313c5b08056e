import { mount } from '@vue/test-utils'
import { beforeAll, expect, test } from 'vitest'
import { ApiError } from '@/api/error'
import { loadTexts } from '@/use/texts'
import ErrorNote from './ErrorNote.vue'

beforeAll(() => loadTexts(['atoms']))

test.each([
  ['unavailable', true],
  ['network', true],
  ['unexpected', true],
  ['invalid', false],
  ['not_found', false],
  ['denied', false],
])('whether trying again can help: %s', (kind, helps) => {
  const note = mount(ErrorNote, { props: { error: new ApiError(0, kind, 'said'), retry: () => {} } })
  expect(note.find('button').exists()).toBe(helps)
})
