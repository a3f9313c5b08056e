/** A conversation and what each answer took, put together from the pieces of a stream. Pure. */
import type { ApiError } from '@/api/error'
import type { Wire } from '@/api/types'

export type Chunk = Wire<'ChatChunk'>
export type Usage = Wire<'ChatUsage'>

export type Turn = {
  id: number
  question: string
  answer: string
  state: 'waiting' | 'writing' | 'done' | 'stopped' | 'failed'
  /** By which the platform charges it. */
  charge?: string
  model?: string
  finish?: string
  usage?: Usage
  /** Milliseconds from the question to the first piece, and to the last. */
  firstMs?: number
  totalMs?: number
  error?: ApiError
  cost?: { amount: string; currency: string } | 'unpriced'
}

export const asked = (id: number, question: string): Turn => ({ id, question, answer: '', state: 'waiting' })

/** The turn after a piece of its answer. The piece with the usage has no choices. */
export function heard(turn: Turn, chunk: Chunk, ms: number): Turn {
  const part = chunk.choices.find((choice) => choice.index === 0)
  const more = part?.delta.content ?? ''
  return {
    ...turn,
    state: 'writing',
    answer: turn.answer + more,
    charge: chunk.id,
    model: chunk.model,
    finish: part?.finishReason ?? turn.finish,
    usage: chunk.usage ?? turn.usage,
    firstMs: turn.firstMs ?? (more ? ms : undefined),
  }
}

export const ended = (turn: Turn, state: 'done' | 'stopped' | 'failed', ms: number, error?: ApiError): Turn => ({ ...turn, state, totalMs: ms, error })

/** Tokens a second once the first was there. */
export function speed({ usage, firstMs, totalMs }: Turn): number | undefined {
  if (!usage || firstMs === undefined || totalMs === undefined || totalMs <= firstMs || usage.completionTokens < 2) return undefined
  return ((usage.completionTokens - 1) * 1000) / (totalMs - firstMs)
}

export type Message = { role: 'system' | 'user' | 'assistant'; content: string }

/** What the model is sent: what it is told before everything, what was said so far, and the question. */
export function messagesOf(system: string, turns: Turn[], question?: string): Message[] {
  const told = turns.filter((turn) => turn.answer !== '' && turn.state !== 'failed')
  return [
    ...(system.trim() ? [{ role: 'system' as const, content: system.trim() }] : []),
    ...told.flatMap((turn) => [{ role: 'user' as const, content: turn.question }, { role: 'assistant' as const, content: turn.answer }]),
    ...(question === undefined ? [] : [{ role: 'user' as const, content: question }]),
  ]
}

/** Why an endpoint answers nobody until somebody does something about it. */
export const awayOf = (endpoint?: Pick<Wire<'Endpoint'>, 'status'>) => (endpoint?.status === 'stopped' || endpoint?.status === 'failed' ? endpoint.status : undefined)

/** Tokens of all answers together. */
export function sumOf(turns: Turn[]): { prompt: number; completion: number } {
  const used = turns.flatMap((turn) => (turn.usage ? [turn.usage] : []))
  return { prompt: used.reduce((sum, one) => sum + one.promptTokens, 0), completion: used.reduce((sum, one) => sum + one.completionTokens, 0) }
}
