// A server process of its own, for tests.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

const binary = () => {
  const built = path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, 'target'), 'debug', 'llmops-server')
  return existsSync(built) ? built : 'llmops-server'
}

/** An empty folder that goes with this process. */
export function folder() {
  const made = mkdtempSync(path.join(tmpdir(), 'llmops-'))
  process.on('exit', () => rmSync(made, { recursive: true, force: true }))
  return made
}

/** Starts a server: where it is, the administrator's key, and how to stop it. */
export async function serve() {
  const data = path.join(folder(), 'data')
  const child = spawn(binary(), ['serve', '--data', data, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const stop = async (signal = 'SIGTERM') => {
    child.kill(signal)
    await ended
  }
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => {
      said += text
      const found = /listening on (http:\/\/\S+)/.exec(said)
      if (found) resolve(found[1])
    })
    ended.then(() => reject(new Error(`the server did not start:\n${said}`)))
  })
  return { url, apiKey: readFileSync(path.join(data, 'admin.key'), 'utf8').trim(), stop }
}

process.setMaxListeners(100)
let made = 0
/** A name that nothing has yet. */
export const name = () => `m-${process.pid}-${made++}`
