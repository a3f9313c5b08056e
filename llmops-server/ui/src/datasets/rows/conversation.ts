/** Conversations in rows, told as the server tells them: lists of messages that say a text or parts, or call tools. Pure. */
import { said } from '../dataset'

export const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'] as const
/** What a message says: a text, or a part that is none, as an image. */
export type Piece = { text: string; refusal?: true } | { part: string; holds: Record<string, unknown> }
export type Call = { name: string; arguments: unknown; id?: string }
export type Turn = {
  role: (typeof ROLES)[number]
  pieces: Piece[]
  calls: Call[]
  /** The call that a tool answers, or the tool's name. */
  answers?: string
  /** What else the message holds. */
  more?: Fields
}
type Fields = Record<string, unknown>

/** A text of more characters is not tried: only tables hold conversations as text. */
const LONGEST = 1_000_000
/** What a cell of a table shows of a value: more is out of sight anyway. */
const GLANCE = 300

/** The conversation that a value holds, also where a table holds it as text; undefined if it is none. */
export function turnsIn(value: unknown): Turn[] | undefined {
  const list = typeof value === 'string' ? parsed(value, /^\s*\[\s*\{/) : value
  if (!Array.isArray(list) || list.length === 0) return undefined
  const turns = list.map(turnOf)
  return turns.every((turn) => turn !== undefined) ? turns : undefined
}

function parsed(text: string, like: RegExp): unknown {
  if (text.length > LONGEST || !like.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
/** Without what is null: columnar files give every message all fields. */
const held = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))

function turnOf(message: unknown): Turn | undefined {
  if (!isFields(message)) return undefined
  const { role, content, refusal, tool_calls, tool_call_id, ...more } = held(message)
  const calls = tool_calls === undefined ? [] : callsIn(tool_calls)
  const pieces = content === undefined ? [] : piecesIn(content)
  if (!ROLES.includes(role as Turn['role']) || !calls || !pieces) return undefined
  if (typeof refusal === 'string') pieces.push({ text: refusal, refusal: true })
  if (!pieces.length && !calls.length) return undefined
  const answers = role === 'tool' ? (tool_call_id ?? more.name) : undefined
  return {
    role: role as Turn['role'],
    pieces,
    calls,
    ...(typeof answers === 'string' ? { answers } : {}),
    ...(Object.keys(more).length ? { more } : {}),
  }
}

function piecesIn(content: unknown): Piece[] | undefined {
  if (typeof content === 'string') return [{ text: content }]
  const pieces = Array.isArray(content) ? content.map(pieceOf) : [undefined]
  return pieces.every((piece) => piece !== undefined) ? pieces : undefined
}

function pieceOf(part: unknown): Piece | undefined {
  if (!isFields(part) || typeof part.type !== 'string') return undefined
  const { type, ...holds } = held(part)
  if (type === 'text') return typeof part.text === 'string' ? { text: part.text } : undefined
  if (type === 'refusal') return typeof part.refusal === 'string' ? { text: part.refusal, refusal: true } : undefined
  return { part: part.type, holds }
}

function callsIn(list: unknown): Call[] | undefined {
  const calls = Array.isArray(list) ? list.map(callOf) : [undefined]
  return calls.every((call) => call !== undefined) ? calls : undefined
}

function callOf(call: unknown): Call | undefined {
  if (!isFields(call)) return undefined
  const of = isFields(call.function) ? call.function : call
  if (typeof of.name !== 'string' || !of.name) return undefined
  const given = typeof of.arguments === 'string' ? (parsed(of.arguments, /^\s*\{/) ?? of.arguments) : of.arguments
  return { name: of.name, arguments: given ?? {}, ...(typeof call.id === 'string' ? { id: call.id } : {}) }
}

const inWords = (piece: Piece): string => ('text' in piece ? piece.text.slice(0, GLANCE) : `[${piece.part}]`)
const callInWords = ({ name, arguments: given }: Call): string =>
  `${name}(${(typeof given === 'string' ? given : JSON.stringify(given)).slice(0, GLANCE)})`

/** A value in one line: of a conversation who says what. */
export function glance(value: unknown, nameOf: (role: Turn['role']) => string): string {
  const told = ({ role, pieces, calls }: Turn) => `${nameOf(role)}: ${[...pieces.map(inWords), ...calls.map(callInWords)].join(' ')}`
  const text = turnsIn(value)?.map(told).join(' · ') ?? said(value)
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
