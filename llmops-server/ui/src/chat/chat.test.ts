import { expect, test } from 'vitest'
import { Frames } from '@/api/sse'
import { codeOf } from './code'
import { parametersOf, USUAL } from './settings'
import { chunksOf } from './stream'
import { asked, awayOf, type Chunk, ended, heard, messagesOf, speed, sumOf } from './talk'

const piece = (delta: object, more: object = {}) => ({ id: 'chatcmpl-1', created: 1, model: 'tiny:1.0.0', route: '/tiny', choices: [{ index: 0, delta, ...more }] }) as Chunk
const usage = { promptTokens: 10, completionTokens: 5, totalTokens: 15, cachedTokens: 0 }

test('pieces become an answer with what it took', () => {
  const pieces = [piece({ role: 'assistant', content: '' }), piece({ content: 'Aus' }), piece({ content: 'tin' }), piece({}, { finishReason: 'stop' }), { ...piece({}), choices: [], usage } as Chunk]
  const turn = ended(pieces.reduce((turn, chunk, at) => heard(turn, chunk, at * 100), asked(1, 'Texas?')), 'done', 500)
  expect(turn).toMatchObject({ answer: 'Austin', finish: 'stop', charge: 'chatcmpl-1', firstMs: 100, totalMs: 500, state: 'done', usage })
  expect(speed(turn)).toBe(10)
  expect(sumOf([turn, turn])).toEqual({ prompt: 20, completion: 10 })
})

test('a stream may be cut anywhere, and carry an error', () => {
  const cutter = new Frames()
  const text = `id: 1\ndata: ${JSON.stringify(piece({ content: 'x' }))}\n\nevent: error\ndata: {"kind":"unavailable","message":"gone"}\n\n`
  const frames = [...text].flatMap((letter) => cutter.push(letter))
  const chunks = chunksOf(frames)
  expect(chunks.next().value?.choices[0].delta.content).toBe('x')
  expect(() => chunks.next()).toThrow('gone')
})

test('what failed is not told to the model again', () => {
  const done = ended({ ...asked(1, 'a'), answer: 'b' }, 'done', 1)
  const failed = ended({ ...asked(2, 'c'), answer: 'd' }, 'failed', 1)
  expect(messagesOf(' Be brief. ', [done, failed], 'e').map(({ role, content }) => `${role}:${content}`)).toEqual(['system:Be brief.', 'user:a', 'assistant:b', 'user:e'])
})

test('empty settings are left to the model', () => {
  expect(parametersOf({ ...USUAL, temperature: '0', maxTokens: '32', topP: 'x' })).toEqual({ temperature: 0, maxTokens: 32 })
})

test('code asks the same', () => {
  const code = codeOf({ route: '/tiny', root: 'http://x', messages: [{ role: 'system', content: 'Be "brief".' }, { role: 'user', content: "What's up?" }], parameters: { temperature: 0, maxTokens: 32, topK: 5 } })
  const [curl, python, , cli] = code.map(({ text }) => text)
  expect(curl).toContain(`What'\\''s up?`)
  expect(curl).toContain('"max_tokens": 32')
  expect(python).toContain('extra_body={"top_k": 5}')
  expect(python).toContain('{"role":"system","content":"Be \\"brief\\"."},')
  expect(cli).toBe(`llmops-server chat tiny 'What'\\''s up?' --system 'Be "brief".' --temperature 0 --max-tokens 32 --url http://x`)
})

test('who is stopped or failed is away, who comes or limps is not', () => {
  expect((['stopped', 'failed', 'deploying', 'degraded', 'healthy'] as const).map((status) => awayOf({ status }))).toEqual(['stopped', 'failed', undefined, undefined, undefined])
})
