// Writes what a build needs beyond the bundle: a brotli copy beside each file, and the hash of the sources it was built from.
// The hash is that of `sha256sum` over all sources, so it can be made again without Node:
//   find ../../examples/data src scripts index.html package.json package-lock.json tsconfig.json vite.config.ts -type f | LC_ALL=C sort |
//     xargs sha256sum | sha256sum
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const SOURCES = ['../../examples/data', 'index.html', 'package-lock.json', 'package.json', 'scripts', 'src', 'tsconfig.json', 'vite.config.ts']
const out = '../ui-dist'
/** What all files may weigh, compressed: every server carries them. */
const MOST = 1_500_000

const filesOf = (path) =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesOf(`${path}/${name}`)) : [path]
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')
const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))

export const sourceSha = () =>
  sha256(SOURCES.flatMap(filesOf).sort(byBytes).map((path) => `${sha256(readFileSync(path))}  ${path}\n`).join(''))

let [raw, brotli] = [0, 0]
const entry = { js: 0, css: 0 }
const first = readFileSync(`${out}/index.html`, 'utf8')
for (const path of filesOf(out)) {
  if (!/\.(html|js|css|svg)$/.test(path)) continue
  const bytes = readFileSync(path)
  const small = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  })
  if (small.length < bytes.length) writeFileSync(`${path}.br`, small)
  raw += bytes.length
  brotli += Math.min(small.length, bytes.length)
  const kind = path.endsWith('.css') ? 'css' : path.endsWith('.js') ? 'js' : undefined
  if (kind && first.includes(path.slice(out.length + 1))) entry[kind] += gzipSync(bytes, { level: 9 }).length
}
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`
console.log(`entry ${kB(entry.js)} gz of JavaScript, ${kB(entry.css)} gz of CSS; all ${kB(raw)} raw, ${kB(brotli)} brotli`)
// Without the hash the check refuses what was built.
if (brotli > MOST) throw new Error(`all files together weigh ${kB(brotli)} in brotli, and may weigh ${kB(MOST)}`)
writeFileSync(`${out}/SOURCE_SHA`, `${sourceSha()}\n`)
