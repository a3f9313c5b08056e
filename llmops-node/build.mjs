// Builds the native library and puts it where the package looks for it: `npm run build`, before `npm pack`.

import { execFileSync } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const order = ['build', '--release', '--package', 'llmops-node', '--message-format', 'json-render-diagnostics']
const said = execFileSync('cargo', order, { cwd: here, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] })
const built = said
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line))
  .find((one) => one.reason === 'compiler-artifact' && one.target.name === 'llmops_node')
const target = new URL('llmops.node', import.meta.url)
// A new file under the old name: a program that has the old one loaded keeps it.
rmSync(target, { force: true })
copyFileSync(built.filenames[0], target)
