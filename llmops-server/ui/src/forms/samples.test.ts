import { expect, test } from 'vitest'
import { said, samples } from './samples'

test('what is empty is left to the platform', () => {
  expect(said({ a: '', b: [], c: {}, d: 0, e: false, f: 'x' })).toEqual({ d: 0, e: false, f: 'x' })
})

test('each door writes the same call', () => {
  const [curl, python, cli] = samples('catalog.review_model', { modelId: 'm', version: '1.0.0', decision: 'approve', notes: "it's good" }).map(({ text }) => text)
  expect(curl).toContain('/catalog/models/m/versions/1.0.0/approve')
  expect(curl).toContain(`it'\\''s good`)
  expect(python).toContain('ops.catalog.review_model(\n    model_id="m",')
  expect(cli).toMatch(/^llmops-server call catalog.review_model '[^]*' --url http:\/\/localhost:3000$/)
})
