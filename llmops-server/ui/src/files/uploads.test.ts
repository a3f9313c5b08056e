import { afterEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { ApiError } from '@/api/error'

const sent: Record<string, unknown>[] = []
const taken = new ApiError(409, 'conflict', 'the dataset has another file under `rows.jsonl` already', { code: 'already_exists' })
vi.mock('@/api/upload', () => ({
  upload: (_: string, input: Record<string, unknown>) => {
    sent.push(input)
    return { stop: () => {}, done: input.replace ? Promise.resolve({ files: [] }) : Promise.reject(taken) }
  },
}))
const { useUploads } = await import('./useUploads')
const scope = effectScope()
afterEach(() => scope.stop())

test('what is there is replaced only when somebody says so, and left when not', async () => {
  const uploads = scope.run(() => useUploads('datasets.upload_dataset_files', () => ({ datasetId: 'd' }), () => {}))!
  const file = new File(['{}'], 'rows.jsonl')
  uploads.add([{ file, path: 'rows.jsonl' }, { file, path: 'other.jsonl' }])
  await vi.waitFor(() => expect(uploads.list.map(({ state }) => state)).toEqual(['asks', 'asks']))
  expect(sent.some((input) => 'replace' in input)).toBe(false)
  uploads.leave(uploads.list[1])
  expect(uploads.list.map(({ path }) => path)).toEqual(['rows.jsonl'])
  uploads.replace(uploads.list[0])
  await vi.waitFor(() => expect(uploads.list[0].state).toBe('done'))
  expect(sent.length).toBe(3)
  expect(sent[2]).toMatchObject({ datasetId: 'd', replace: true })
})
