'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { fileURLToPath } = require('node:url')

const CHUNK = 1 << 20

/** Sends files piece by piece; the text of the answer. What is being sent is never in memory whole. */
async function send(upload, files, signal) {
  const abort = () => upload.abort()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    signal?.throwIfAborted()
    for await (const [name, source] of parts(files)) {
      let going = await upload.part(name)
      for await (const chunk of chunks(source)) {
        signal?.throwIfAborted()
        going = going && (await upload.write(chunk))
        if (!going) break
      }
      // Nobody reads any more: the answer says why.
      if (!going) break
    }
    const text = await upload.finish()
    signal?.throwIfAborted()
    return text
  } catch (error) {
    upload.abort()
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

const isPath = (source) => typeof source === 'string' || source instanceof URL
const isBytes = (source) => source instanceof Uint8Array || source instanceof ArrayBuffer
const isSource = (source) => isPath(source) || isBytes(source) || typeof source?.[Symbol.asyncIterator] === 'function'

/** Names and sources: of paths, of folders with what is in them, of sources by the name they get. */
async function* parts(files) {
  if (Array.isArray(files)) {
    for (const one of files) yield* ofPath(one)
  } else if (isPath(files)) {
    yield* ofPath(files)
  } else if (isSource(files)) {
    yield [typeof files.path === 'string' ? path.basename(files.path) : 'file', files]
  } else {
    yield* files instanceof Map ? files : Object.entries(files)
  }
}

async function* ofPath(file) {
  if (!isPath(file)) throw new TypeError('a list of files holds paths; give other sources by name: { name: source }')
  const root = file instanceof URL ? fileURLToPath(file) : file
  if (!(await fs.promises.stat(root)).isDirectory()) return yield [path.basename(root), root]
  const found = await fs.promises.readdir(root, { recursive: true, withFileTypes: true })
  const within = (entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name))
  const shown = (name) => !name.split(path.sep).some((part) => part.startsWith('.'))
  for (const name of found.filter((entry) => !entry.isDirectory()).map(within).filter(shown).sort()) {
    const full = path.join(root, name)
    const target = await fs.promises.stat(full)
    if (target.isDirectory()) throw new TypeError(`${full} is a link to a folder; put the folder in its place, or name it itself`)
    if (!target.isFile()) throw new TypeError(`${full} is no file; name files and folders of files`)
    yield [name.split(path.sep).join('/'), full]
  }
}

/** A source in pieces. */
async function* chunks(source) {
  if (isPath(source)) {
    yield* fs.createReadStream(source, { highWaterMark: CHUNK })
  } else if (isBytes(source)) {
    const bytes = Buffer.from(source.buffer ?? source, source.byteOffset ?? 0, source.byteLength)
    for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK)
  } else {
    for await (const chunk of source) yield Buffer.from(chunk)
  }
}

module.exports = { send }
