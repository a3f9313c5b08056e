'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { Readable } = require('node:stream')
const { pipeline } = require('node:stream/promises')
const { thrown } = require('./errors.js')

/** One page of a list. Iterating goes on to the pages that follow, until the end. */
class Page {
  #more

  constructor({ items, page }, more) {
    this.#more = more
    this.items = items
    this.nextCursor = page.nextCursor
    this.limit = page.limit
    this.total = page.total
  }

  /** The page that follows; `undefined` after the last. */
  async nextPage() {
    return this.nextCursor === undefined ? undefined : this.#more(this.nextCursor)
  }

  async *pages() {
    for (let page = this; page; page = await page.nextPage()) yield page
  }

  async *[Symbol.asyncIterator]() {
    for await (const page of this.pages()) yield* page.items
  }
}

/** Items as they come; asked for when the first is awaited. Leaving the loop hangs up. */
class Stream {
  #start
  #begun
  #closed = false
  #signal

  constructor(start, signal) {
    this.#start = start
    this.#signal = signal
    signal?.addEventListener('abort', () => this.close(), { once: true })
  }

  async next() {
    this.#signal?.throwIfAborted()
    if (this.#closed) return { done: true, value: undefined }
    this.#begun ??= this.#start()
    const text = await (await this.#begun).next()
    this.#signal?.throwIfAborted()
    return text === null ? { done: true, value: undefined } : { done: false, value: thrown(text) }
  }

  async return(value) {
    this.close()
    return { done: true, value }
  }

  /** Hangs up. Whoever waits for an item gets none. */
  close() {
    this.#closed = true
    this.#begun?.then((stream) => stream.close(), () => {})
  }

  [Symbol.asyncIterator]() {
    return this
  }

  async [Symbol.asyncDispose]() {
    this.close()
  }
}

/** Bytes as they come. Iterate over it, take it whole, or save it. */
class Download {
  #native
  #signal

  constructor(native, signal) {
    this.#native = native
    this.#signal = signal
    signal?.addEventListener('abort', () => this.close(), { once: true })
    const { length, range, contentType, fileName, digest } = JSON.parse(native.about)
    Object.assign(this, { length, range, contentType, fileName, digest })
  }

  async *[Symbol.asyncIterator]() {
    try {
      for (;;) {
        const chunk = await this.#native.next()
        this.#signal?.throwIfAborted()
        if (chunk === null) return
        if (typeof chunk === 'string') thrown(chunk)
        yield chunk
      }
    } finally {
      this.close()
    }
  }

  /** The bytes as a stream of Node.js. */
  stream() {
    return Readable.from(this, { objectMode: false })
  }

  /** All of it. */
  async bytes() {
    const chunks = []
    for await (const chunk of this) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  /** All of it, as text. */
  async text() {
    return (await this.bytes()).toString('utf8')
  }

  /** Writes it to a file, or under its own name into a folder. The file is there only once it is whole. */
  async save(target) {
    const folder = await fs.promises.stat(target).then((found) => found.isDirectory(), () => false)
    const file = folder ? path.join(target, path.basename(this.fileName)) : target
    try {
      await pipeline(this, fs.createWriteStream(`${file}.part`))
      await fs.promises.rename(`${file}.part`, file)
    } finally {
      await fs.promises.rm(`${file}.part`, { force: true })
    }
    return file
  }

  /** Hangs up. */
  close() {
    this.#native.close()
  }

  async [Symbol.asyncDispose]() {
    this.close()
  }
}

module.exports = { Download, Page, Stream }
