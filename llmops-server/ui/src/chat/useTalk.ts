/** A conversation with one endpoint: asks, stops, begins anew, and learns what each answer cost. */
import { computed, onScopeDispose, ref } from 'vue'
import { call } from '@/api/client'
import { asApiError } from '@/api/error'
import type { Wire } from '@/api/types'
import { parametersOf, type Settings } from './settings'
import { answers } from './stream'
import { asked, ended, heard, messagesOf, type Turn } from './talk'

/** Charges come to the ledger a moment after the answer. */
const CHARGED_AFTER = [600, 1500, 4000]

export function useTalk(endpoint: () => Wire<'Endpoint'> | undefined, settings: () => Settings) {
  const turns = ref<Turn[]>([])
  const busy = computed(() => turns.value.some(({ state }) => state === 'waiting' || state === 'writing'))
  let [cut, next, gone] = [new AbortController(), 1, false]
  const put = (turn: Turn) => (turns.value = turns.value.map((other) => (other.id === turn.id ? turn : other)))

  async function ask(question: string) {
    const to = endpoint()
    if (!to || busy.value) return
    const { signal } = (cut = new AbortController())
    const messages = messagesOf(settings().system, turns.value, question)
    let turn = asked(next++, question)
    turns.value = [...turns.value, turn]
    const began = performance.now()
    const since = () => performance.now() - began
    try {
      const request = { route: to.route.replace(/^\//, ''), environment: to.environment, messages, ...parametersOf(settings()) }
      for await (const chunk of answers(request, signal)) put((turn = heard(turn, chunk, since())))
      put((turn = ended(turn, 'done', since())))
    } catch (thrown) {
      put((turn = signal.aborted ? ended(turn, 'stopped', since()) : ended(turn, 'failed', since(), asApiError(thrown))))
    }
    void price(turn)
  }

  async function price({ id, charge }: Turn) {
    if (!charge) return
    for (const ms of CHARGED_AFTER) {
      await new Promise((resolve) => setTimeout(resolve, ms))
      if (gone) return
      const found = await call('cost.list_cost_entries', { resourceId: charge, limit: 1 }).catch(() => undefined)
      const [entry] = found?.items ?? []
      const turn = turns.value.find((other) => other.id === id)
      if (entry && turn) return void put({ ...turn, cost: entry.amount ?? 'unpriced' })
    }
  }

  const stop = () => cut.abort()
  function clear() {
    stop()
    turns.value = []
  }
  onScopeDispose(() => {
    gone = true
    stop()
  })
  return { turns, busy, ask, stop, clear }
}
