import { expect, test } from 'vitest'
import { type Credential, matching } from './provider'
import { BLANK, cardOf, checksOf, hasMoved, keyChoices, type ProviderValues, valuesOf, withKey } from './values'

type Model = Parameters<typeof valuesOf>[0]
const model = (metadata: object) => ({ metadata: { provider: 'openai', modelName: 'm', baseUrl: 'https://api.openai.com/v1', credentialId: 'own', ...metadata } }) as unknown as Model
const stored = (id: string, origin: string, modelId?: string) => ({ id, origin, modelId }) as Credential
const values = (more: Partial<ProviderValues>): ProviderValues => ({ ...BLANK, ...more })

test('a typed key is in nothing that is shown, and goes out with the call', () => {
  const given = values({ modelName: ' m ', apiKey: 'sk-secret ' })
  const input = { metadata: cardOf(given) }
  expect(input).toEqual({ metadata: { provider: 'openai', modelName: 'm', baseUrl: null, apiKey: '…' } })
  expect(withKey(input, given).metadata.apiKey).toBe('sk-secret')
  expect(withKey({ metadata: cardOf(values({ key: 'keep' })) }, given).metadata).not.toHaveProperty('apiKey')
})

test('each choice of a key says the same in the card', () => {
  expect(['keep', 'typed', 'none', 'an-id'].map((key) => cardOf(values({ key })).credentialId)).toEqual([undefined, undefined, null, 'an-id'])
})

test('a key stays with its server, and with its provider', () => {
  const moved = (more: Partial<ProviderValues>) => hasMoved({ ...valuesOf(model({})), ...more }, model({}))
  expect([moved({}), moved({ baseUrl: 'https://api.openai.com/v2' }), moved({ baseUrl: 'https://a.example/v1' }), moved({ provider: 'anthropic' })]).toEqual([false, false, true, true])
})

test('only what may go to the address is offered', () => {
  const all = [stored('own', 'https://api.openai.com', 'm'), stored('shared', 'https://api.openai.com'), stored('other', 'https://a.example')]
  const now = valuesOf(model({}))
  expect(keyChoices(BLANK, all)).toEqual(['typed', 'shared'])
  expect(keyChoices(now, all, model({}))).toEqual(['keep', 'typed', 'shared'])
  expect(keyChoices({ ...now, baseUrl: 'https://a.example/v1' }, all, model({}))).toEqual(['typed', 'other'])
  const open = model({ provider: 'openai-compatible', baseUrl: 'https://a.example/v1' })
  expect(keyChoices(valuesOf(open), all, open)).toEqual(['keep', 'typed', 'other', 'none'])
})

test('an address is asked for where there is no usual one, and a key where nobody is answered without', () => {
  const wrong = (more: Partial<ProviderValues>, of?: Model) => {
    const [given, checks] = [values({ modelName: 'm', ...more }), checksOf<ProviderValues>(() => true, of && (() => of))]
    return (['modelName', 'baseUrl', 'apiKey'] as const).filter((name) => checks[name](given[name], given))
  }
  expect(wrong({})).toEqual(['apiKey'])
  expect(wrong({ apiKey: 'k' })).toEqual([])
  expect(wrong({ key: 'an-id' })).toEqual([])
  expect(wrong({ modelName: ' ', baseUrl: 'example', apiKey: 'k' })).toEqual(['modelName', 'baseUrl'])
  expect(wrong({ provider: 'openai-compatible' })).toEqual(['baseUrl'])
  expect(wrong({ provider: 'ollama' })).toEqual([])
  const open = model({ provider: 'openai-compatible', baseUrl: 'https://a.example/v1' })
  expect(wrong({ ...valuesOf(open), key: 'typed' }, open)).toEqual(['apiKey'])
  expect(wrong({ ...valuesOf(open), key: 'typed', baseUrl: 'https://b.example/v1' }, open)).toEqual([])
})

test('names are found by a part', () => {
  expect(matching(['Qwen3-8B', 'llama'], ' qwen ')).toEqual(['Qwen3-8B'])
})
