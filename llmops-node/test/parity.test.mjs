import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { connect, version } from 'llmops'

const { describe } = createRequire(import.meta.url)('../llmops.node')
const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())

test('the package is of the engine that was built', () => {
  const described = JSON.parse(describe()).operations.map((op) => camel(op.name)).sort()
  const rooms = Object.entries(connect('http://127.0.0.1:1'))
  const methods = rooms.flatMap(([room, one]) => Object.keys(one).map((method) => `${room}.${method}`)).sort()
  assert.deepEqual(methods, described)
  assert.ok(methods.length >= 50)
})

test('the version is that of the package', () => assert.match(version, /^\d+\.\d+\.\d+$/))
