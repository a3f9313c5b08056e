/** Conversations in rows, told as the server tells them: lists of messages with a role and a content. Pure. */
import { said } from '../dataset'

export const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'] as const
export type Turn = { role: (typeof ROLES)[number]; content: string; /** What else the message holds. */ more?: Record<string, unknown> }

/** A text of more characters is not tried: only tables hold conversations as text. */
const LONGEST = 1_000_000
/** What a cell of a table shows of a value: more is out of sight anyway. */
const GLANCE = 300

/** The conversation that a value holds, also where a table holds it as text; undefined if it is none. */
export function turnsIn(value: unknown): Turn[] | undefined {
  const list = typeof value === 'string' ? listIn(value) : value
  if (!Array.isArray(list) || list.length === 0) return undefined
  const turns = list.map(turnOf)
  return turns.every((turn) => turn !== undefined) ? turns : undefined
}

function listIn(text: string): unknown {
  if (text.length > LONGEST || !/^\s*\[\s*\{/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function turnOf(message: unknown): Turn | undefined {
  if (!message || typeof message !== 'object') return undefined
  const { role, content, ...more } = message as Record<string, unknown>
  if (!ROLES.includes(role as Turn['role']) || typeof content !== 'string') return undefined
  return { role: role as Turn['role'], content, ...(Object.keys(more).length ? { more } : {}) }
}

/** A value in one line: of a conversation who says what. */
export function glance(value: unknown, nameOf: (role: Turn['role']) => string): string {
  const turns = turnsIn(value)
  const text = turns ? turns.map(({ role, content }) => `${nameOf(role)}: ${content.slice(0, GLANCE)}`).join(' · ') : said(value)
  return text.length > GLANCE ? `${text.slice(0, GLANCE)} …` : text
}

/** How much of a text is shown before somebody asks for all of it. */
const CHARS = 1200
const LINES = 16

/** The beginning of a text that is long in signs or in lines; undefined if all of it may be shown. */
export function beginningOf(text: string): string | undefined {
  const lines = text.slice(0, CHARS).split('\n')
  if (text.length <= CHARS && lines.length <= LINES) return undefined
  const cut = lines.slice(0, LINES).join('\n')
  // No half of a sign that takes two units.
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut
}
