/** Short notes at the edge of the page. */
import { reactive, readonly } from 'vue'
import type { ApiError } from '@/api/error'
import { useText } from './texts'

export type Toast = { id: number; tone: 'good' | 'bad' | 'plain'; text: string; more?: string; requestId?: string; action?: { label: string; run: () => void } }

const LONG = 15_000

const list = reactive<Toast[]>([])
let next = 1

export const toasts = readonly(list)

export function dismiss(id: number) {
  const at = list.findIndex((toast) => toast.id === id)
  if (at >= 0) list.splice(at, 1)
}

function show(toast: Omit<Toast, 'id'>, ms: number) {
  const id = next++
  list.push({ id, ...toast })
  if (list.length > 4) list.shift()
  setTimeout(() => dismiss(id), ms)
}

/** What the page itself has words for, in its language. */
function inWords({ kind, message }: ApiError) {
  const { t, te } = useText()
  return te(`atoms.errors.${kind}`) ? t(`atoms.errors.${kind}`) : message
}

export const useToasts = () => ({
  good: (text: string) => show({ tone: 'good', text }, 5000),
  note: (text: string) => show({ tone: 'plain', text }, 5000),
  /** Stays longer: something can be done about it. */
  offer: (text: string, more: string, action: Toast['action']) => show({ tone: 'good', text, more, action }, LONG),
  /** Errors stay longer too: there is something to read and to copy. */
  bad: (error: ApiError) => show({ tone: 'bad', text: inWords(error), more: error.more.hint, requestId: error.more.requestId }, LONG),
})
