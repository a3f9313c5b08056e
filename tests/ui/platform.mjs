// A server with a data folder of its own, as a user starts it; it can be killed and started again at the same address.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PATIENCE = 60_000
/** How long servers that stand in for others keep a connection: one that hangs up just when it is asked is another story. */
export const IDLE = 600_000
const folders = []
const servers = new Set()

/** A folder that goes with this process. */
export function folder() {
  const made = mkdtempSync(join(tmpdir(), 'llmops-ui-'))
  folders.push(made)
  return made
}

process.on('exit', () => {
  for (const server of servers) server.child.kill('SIGKILL')
  for (const made of folders) rmSync(made, { recursive: true, force: true })
})
// Who is told to end ends the servers too.
for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15]]) process.on(signal, () => process.exit(128 + number))

export class Platform {
  /** `settings` are told to the server as its environment. */
  constructor(data = folder(), settings = {}) {
    this.data = data
    this.settings = settings
  }

  get key() {
    return readFileSync(join(this.data, 'admin.key'), 'utf8').trim()
  }

  async start() {
    const listen = this.url ? new URL(this.url).host : '127.0.0.1:0'
    this.said = ''
    this.child = spawn('llmops-server', ['serve', '--data', this.data, '--listen', listen], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...this.settings } })
    servers.add(this)
    this.ended = new Promise((done) => this.child.once('exit', done))
    await new Promise((ready, fail) => {
      const late = setTimeout(() => fail(new Error(`the server did not start: ${this.said}`)), PATIENCE)
      const hear = (bytes) => {
        this.said += bytes
        const url = /listening on (http:\/\/\S+)/.exec(this.said)?.[1]
        if (!url) return
        clearTimeout(late)
        this.url = url
        ready()
      }
      this.child.stdout.on('data', hear)
      this.child.stderr.on('data', hear)
      this.child.once('exit', (code) => {
        clearTimeout(late)
        fail(new Error(`the server ended with ${code}: ${this.said}`))
      })
    })
    return this
  }

  /** The link that signs in once, as it was printed. */
  async link() {
    for (const end = Date.now() + PATIENCE; Date.now() < end; await rest(50)) {
      const link = /http:\/\/\S*token=\S+/.exec(this.said)?.[0]
      if (link) return link
    }
    throw new Error(`no link to sign in: ${this.said}`)
  }

  async end(signal = 'SIGTERM') {
    this.child.kill(signal)
    await this.ended
    servers.delete(this)
  }

  /** Ends it with everything that it runs: what answers would outlive it. */
  async close() {
    for (const { id } of await this.call('GET', '/serving/endpoints')) await this.call('DELETE', `/serving/endpoints/${id}`)
    await until('the endpoints are gone', async () => (await this.call('GET', '/serving/endpoints')).length === 0)
    await this.end()
  }

  /** Calls an operation as an ordinary client does; the answer's data. */
  async call(method, path, body, key = this.key, headers = {}) {
    const answer = await fetch(`${this.url}/llm-ops/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text ? JSON.parse(text).data : undefined
  }

  /** Sends one file as a form does. */
  async upload(path, name, bytes) {
    const form = new FormData()
    form.append('file', new Blob([bytes]), name)
    const answer = await fetch(`${this.url}/llm-ops/v1${path}`, { method: 'POST', headers: { Authorization: `Bearer ${this.key}` }, body: form })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  }

  /** The secret of a new key in a new project, where nobody else is at work. */
  async keyIn(project, roles) {
    await this.call('POST', '/governance/projects', { name: project })
    const { secret } = await this.call('POST', '/governance/keys', { name: `of-${project}`, roles }, this.key, { 'X-LLMOps-Project': project })
    return secret
  }

  /** The secret of a new key with these roles. */
  async keyFor(name, roles) {
    return (await this.call('POST', '/governance/keys', { name, roles })).secret
  }
}

/** A file with this content, in a folder that goes with this process. */
export function file(name, content) {
  const path = join(folder(), name)
  writeFileSync(path, content)
  return path
}

export const rest = (ms) => new Promise((done) => setTimeout(done, ms))

/** Waits until a call answers something true. */
export async function until(what, look, patience = PATIENCE) {
  for (const end = Date.now() + patience; Date.now() < end; await rest(150)) {
    const found = await look()
    if (found) return found
  }
  throw new Error(`never: ${what}`)
}
