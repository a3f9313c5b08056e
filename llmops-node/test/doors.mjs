// The platform in this process and the platform on a server: every test of a door runs on both.

import path from 'node:path'
import { after, before, describe } from 'node:test'
import { connect, open } from 'llmops'
import { folder, serve } from './server.mjs'

/** Runs `tests(ops)` on both; `ops()` gives the platform. */
export function onBoth(what, tests) {
  const doors = {
    embedded: async () => {
      const ops = await open(path.join(folder(), 'data'))
      return { ops, stop: () => ops.close() }
    },
    connected: async () => {
      const { url, apiKey, stop } = await serve()
      return { ops: connect(url, { apiKey }), stop }
    },
  }
  for (const [door, start] of Object.entries(doors)) {
    describe(`${what}, ${door}`, () => {
      let here
      before(async () => (here = await start()))
      after(() => here?.stop())
      tests(() => here.ops)
    })
  }
}
