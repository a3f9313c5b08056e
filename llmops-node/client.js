'use strict'

// The platform: opened in this process or reached on a server. Its methods come from the table of operations.

const path = require('node:path')
const { fileURLToPath } = require('node:url')
const { Native } = require('./llmops.node')
const { LlmOpsError, opened, thrown } = require('./errors.js')
const { operations } = require('./generated.js')
const { Download, Page, Stream } = require('./streams.js')
const { Rows } = require('./rows.js')
const { bar } = require('./bar.js')
const { send } = require('./upload.js')

/** What the engine cannot read as JSON: numbers that JSON has no words for. */
const encode = (request) =>
  JSON.stringify(request ?? {}, (_, value) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : typeof value === 'bigint' ? Number(value) : value,
  )

const how = (options) => ({ idempotencyKey: options?.idempotencyKey, ifMatch: options?.ifMatch })

/** Gives up waiting when the signal says so; `release` lets go of what comes too late. */
function waited(promise, signal, release = () => {}) {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const give = () => {
      reject(signal.reason)
      promise.then(release, () => {})
    }
    if (signal.aborted) return give()
    signal.addEventListener('abort', give, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', give))
  })
}

/** How each kind of operation is called: `(native, name, request, .., options)`. */
const kinds = {
  unary: async (native, name, request, options) =>
    thrown(await waited(native.call(name, encode(request), how(options)), options?.signal)),

  page: async (native, name, request, options) => {
    const answer = await kinds.unary(native, name, request, options)
    return new Page(answer, (cursor) => kinds.page(native, name, { ...request, cursor }, options))
  },

  stream: (native, name, request, options) =>
    new Stream(async () => opened(await native.stream(name, encode(request), how(options))), options?.signal),

  upload: async (native, name, request, files, options) => {
    const upload = opened(await native.upload(name, encode(request), how(options)))
    return thrown(await send(upload, files, options?.signal))
  },

  download: async (native, name, request, options) => {
    const begun = native.download(name, encode(request), how(options)).then(opened)
    return new Download(await waited(begun, options?.signal, (late) => late.close()), options?.signal)
  },
}

/** One platform. Close it when you are done with it. */
class LlmOps {
  #native

  constructor(native) {
    this.#native = native
    for (const [room, methods] of Object.entries(operations)) {
      const calls = Object.entries(methods).map(([method, [name, kind]]) => [
        method,
        (...given) => kinds[kind](native, name, ...given),
      ])
      this[room] = Object.freeze(Object.fromEntries(calls))
    }
  }

  /** The same platform for the holder of another key, as a reviewer who approves what somebody else made. */
  withApiKey(apiKey) {
    return new LlmOps(opened(this.#native.withApiKey(apiKey)))
  }

  /** Sends a folder, a file or several to a model; called again with the same files, it goes on where it was broken off. */
  uploadFolder(modelId, paths, options) {
    return this.#send({ modelId }, paths, options)
  }

  /** The same for a dataset. */
  uploadDataset(datasetId, paths, { format, delimiter, header, encoding, ...options } = {}) {
    return this.#send({ datasetId, format, delimiter, header, encoding }, paths, options)
  }

  async #send(to, paths, { concurrency, replace = false, progress = false, onProgress = progress ? bar(process.stderr) : undefined, signal } = {}) {
    signal?.throwIfAborted()
    const given = (Array.isArray(paths) ? paths : [paths]).map((one) => (one instanceof URL ? fileURLToPath(one) : one))
    const sending = this.#native.send({ to: JSON.stringify(to), paths: given, concurrency, replace }, onProgress)
    const abort = () => sending.abort()
    signal?.addEventListener('abort', abort, { once: true })
    try {
      const text = await sending.finish()
      signal?.throwIfAborted()
      return thrown(text)
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  /** The rows of a dataset, read as they are taken. */
  rows(request, options) {
    const given = { ...request, format: 'jsonl' }
    return new Rows(() => kinds.download(this.#native, 'datasets.read_dataset_rows', given, options))
  }

  /** The same platform, at work in another project. */
  withProject(project) {
    return new LlmOps(opened(this.#native.withProject(project)))
  }

  /** The same server, called with other patience. */
  withOptions({ timeout, maxRetries } = {}) {
    return new LlmOps(opened(this.#native.withOptions(timeout, maxRetries)))
  }

  /** Ends the loops in order and closes the database. On a server there is nothing to end. */
  async close() {
    await this.#native.close()
  }

  async [Symbol.asyncDispose]() {
    await this.close()
  }
}

/** Opens a platform in this process. A folder is enough. */
async function open(dataDir = './llmops-data', options = {}) {
  // Jobs run in processes of their own, which load this package again.
  const runtime = [process.execPath, path.join(__dirname, 'runtime.js')]
  const { database, store, loops = true } = options
  const folder = dataDir instanceof URL ? fileURLToPath(dataDir) : dataDir
  return new LlmOps(opened(await Native.open({ dataDir: folder, database, store, runtime, loops })))
}

/** The platform on a server. Nothing is contacted before the first call. */
function connect(url = process.env.LLMOPS_URL || 'http://127.0.0.1:8080', options = {}) {
  const { apiKey = process.env.LLMOPS_API_KEY, project = process.env.LLMOPS_PROJECT, timeout, maxRetries } = options
  const native = opened(Native.connect(String(url), apiKey))
  return new LlmOps(opened((project ? opened(native.withProject(project)) : native).withOptions(timeout, maxRetries)))
}

module.exports = { LlmOps, LlmOpsError, connect, open }
