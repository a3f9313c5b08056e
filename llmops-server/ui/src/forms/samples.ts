/** A call of the platform as each door writes it, to copy from. */
import { ROOT } from '@/api/client'
import { OPERATIONS } from '@/api/operations'
import { session } from '@/api/session'
import type { OpId } from '@/api/types'
import { command } from '@/use/command'

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/** The project that a key for all of them must be told; other keys know theirs. */
const elsewhere = () => (session.principal?.allProjects && session.principal.project !== 'default' ? session.principal.project : undefined)

/** Fields that say something; what is empty is left to the platform. */
export function said(input: Record<string, unknown>): Record<string, unknown> {
  const empty = (value: unknown) =>
    value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
  return Object.fromEntries(Object.entries(input).filter(([, value]) => !empty(value)))
}

export function samples(op: OpId, input: Record<string, unknown>): { name: string; text: string }[] {
  const fields = said(input)
  return [
    { name: 'curl', text: curl(op, fields) },
    { name: 'Python', text: python(op, fields) },
    { name: 'CLI', text: `${command(`call ${op} ${quoted(JSON.stringify(fields, null, 2))}`)}${elsewhere() ? ` --project ${elsewhere()}` : ''}` },
  ]
}

function curl(op: OpId, fields: Record<string, unknown>): string {
  const [verb, path] = OPERATIONS[op]
  const inPath = new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
  const address = ROOT + path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(fields[name] ?? `{${name}}`)))
  const body = Object.fromEntries(Object.entries(fields).filter(([name]) => !inPath.has(name)))
  const lines = [`curl -X ${verb} ${address}`, `-H "Authorization: Bearer $LLMOPS_API_KEY"`]
  const project = elsewhere()
  if (project) lines.push(`-H 'X-LLMOps-Project: ${project}'`)
  if (verb !== 'GET' && verb !== 'DELETE') lines.push(`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(body, null, 2).replaceAll('\n', '\n  '))}`)
  return lines.join(' \\\n  ')
}

function python(op: OpId, fields: Record<string, unknown>): string {
  const lines = Object.entries(fields).map(([name, value]) => `    ${snake(name)}=${literal(value)},`)
  const project = elsewhere() ? `, project="${elsewhere()}"` : ''
  return [`import llmops`, ``, `ops = llmops.connect("${ROOT}"${project})`, `ops.${op}(`, ...lines, `)`].join('\n')
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (value && typeof value === 'object') return `{${Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${literal(inner)}`).join(', ')}}`
  return value === true ? 'True' : value === false ? 'False' : value === null ? 'None' : JSON.stringify(value)
}
