import { expect, test } from 'vitest'
import { againTo, HUB } from '@/transfers/transfer'
import { checks, requestOf, valuesOf } from './request'

test('what is the platform’s own choice is left to it', () => {
  const values = valuesOf({ modelId: 'm' })
  const said = (more: object) => JSON.parse(JSON.stringify(requestOf({ ...values, repo: `${HUB}/a/b`, ...more })))
  expect(said({})).toEqual({ modelId: 'm', repo: 'a/b' })
  expect(said({ revision: ' next', message: ' back ', private: false, prune: true, baseUrl: 'https://hub.example' })).toEqual({ modelId: 'm', repo: 'a/b', revision: 'next', message: 'back', private: false, prune: true, baseUrl: 'https://hub.example' })
  expect([checks.modelId(''), checks.modelId('m'), checks.repo(''), checks.repo('a b')]).toEqual(['forms.needed', undefined, 'forms.needed', 'transfers.repoWrong'])
})

test('an export is made again with what its address says', () => {
  const of = { modelId: 'm', name: 'tuned', repo: 'a/b', revision: 'main', baseUrl: 'https://hub.example', credentialId: 'id' }
  expect(valuesOf(againTo('exports', of).query)).toMatchObject({ modelId: 'm', repo: 'a/b', revision: 'main', baseUrl: 'https://hub.example', credentialId: 'id', private: true, prune: false })
})
