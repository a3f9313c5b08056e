import { mount } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { loadTexts } from '@/use/texts'
import type { Filter } from './types'

// What waits for a pause is not waited for here.
vi.mock('@/use/useLater', () => ({ useLater: () => ({ later: () => {}, stop: () => {} }) }))
const { default: FilterBar } = await import('./FilterBar.vue')

const word = (id: string, label: string): Filter => ({ id, label, kind: 'word' })

/** A bar of filters, and what it says and tells. */
async function bar(filters: Filter[]) {
  await loadTexts(['atoms', 'lists', 'training'])
  const view = mount(FilterBar, { props: { filters, values: {} } })
  const input = view.find('input')
  const enter = async (text: string) => {
    await input.setValue(text)
    await input.trigger('keydown.enter')
    return [input.element.value, view.emitted('change')?.splice(0) ?? []]
  }
  return { view, input, enter, said: () => view.find('[role=status]').text() }
}

test('plain text that no filter takes stays, and can be given to one', async () => {
  const { view, input, enter, said } = await bar([word('submittedBy', 'training.by'), word('datasetId', 'training.dataset')])
  expect(input.attributes('placeholder')).toBe('Filter by Submitted by (submittedBy:…), Dataset (datasetId:…)')
  expect(await enter('datasetId:d kim')).toEqual(['kim', [[{ datasetId: 'd' }]]])
  expect(said()).toContain('There is no filter for plain text here')
  await view.findAll('button').find((button) => button.text() === 'Submitted by: kim')!.trigger('click')
  expect([view.emitted('change'), input.element.value, said()]).toEqual([[[{ submittedBy: 'kim' }]], '', ''])
  await enter('lee')
  await input.setValue('le')
  expect(said(), 'who goes on typing is not told').toBe('')
})

test('plain text goes to the filter that takes it', async () => {
  const { enter, said } = await bar([{ id: 'text', label: 'training.name', kind: 'text' }, word('submittedBy', 'training.by')])
  expect(await enter('tiny submittedBy:kim')).toEqual(['tiny', [[{ text: 'tiny', submittedBy: 'kim' }]]])
  expect(said()).toBe('')
})
