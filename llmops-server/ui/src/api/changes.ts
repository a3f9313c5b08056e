/** What changes on the server, told by one stream: pages read again what they keep fresh, and need not ask all the time. */
import type { QueryClient } from '@tanstack/vue-query'
import { onScopeDispose, ref, watch } from 'vue'
import { session } from './session'
import { follow } from './sse'

/** Between two looks at what changes all the time, in milliseconds, and at what takes the server some work. */
const REST = { light: 2_000, heavy: 10_000 }
/** The net below: how often is looked while changes are told, and at what is about to change. */
const SELDOM = { still: 60_000, moving: 10_000 }
/** What is to be fresh within this is about to change. */
const SOON = 3_000
/** Operations that read other domains than their own too. */
const WIDER: Record<string, (domain: string) => boolean> = {
  'governance.list_audit_logs': () => true,
  'catalog.get_model_gates': (domain) => domain === 'evaluation',
  'gateway.list_routes': (domain) => domain === 'serving',
}

/** How long a stream that nobody needs any more is kept: who goes from list to list needs it again. */
const LINGER = 300

const told = ref(false)
/** Whether what changes is not told here, because the stream was refused or ended: then pages ask by themselves. */
export const untold = ref(false)

/** How often to ask for what should be fresh within `every`. */
export const pace = (every: number | false) => (every && told.value ? Math.max(every, every <= SOON ? SELDOM.moving : SELDOM.still) : every)

/** Whether an operation's answer may be otherwise after changes in these domains. */
export function concerns(op: string, domains: Set<string>): boolean {
  return domains.has(op.split('.')[0]) || [...domains].some((domain) => WIDER[op]?.(domain))
}

/** Hands on what was told at once, and what is told until it was dealt with and a rest went by, together. */
export function gathered(rest: number, then: (domains: Set<string>) => unknown): (domains: string[]) => void {
  let [waiting, isBusy] = [new Set<string>(), false]
  const hand = async () => {
    isBusy = true
    while (waiting.size) {
      const now = waiting
      waiting = new Set()
      await then(now)
      await new Promise((done) => setTimeout(done, rest))
    }
    isBusy = false
  }
  return (domains) => {
    for (const domain of domains) waiting.add(domain)
    if (!isBusy) void hand()
  }
}

/** Follows changes while somebody is signed in and looks at what is kept fresh: a browser has few connections, and pages that follow one thing need them. */
export function useChanges(client: QueryClient) {
  const cache = client.getQueryCache()
  const wanted = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  const leave = cache.subscribe(({ type }) => {
    if (type !== 'observerAdded' && type !== 'observerRemoved' && type !== 'observerOptionsUpdated') return
    clearTimeout(timer)
    timer = setTimeout(() => (wanted.value = cache.findAll({ type: 'active' }).some(({ meta }) => Boolean(meta?.fresh))), LINGER)
  })
  const looks = (['light', 'heavy'] as const).map((kind) =>
    // What is asked is answered before it is asked again: a slow answer comes, however much changes.
    gathered(REST[kind], (domains) => client.invalidateQueries({ predicate: ({ meta, queryKey }) => meta?.fresh === kind && concerns(String(queryKey[0]), domains) })),
  )
  let stop = () => {}
  const start = () => {
    let [isFirst, since] = [true, 0]
    stop = follow('governance.watch_changes', {}, {
      item: ({ domains }) => {
        // The first item names everything: what was read before that may be old.
        if (isFirst) void client.invalidateQueries({ predicate: ({ meta, state }) => Boolean(meta?.fresh) && state.dataUpdatedAt > 0 && (state.dataUpdatedAt < since || state.fetchStatus === 'fetching') })
        else for (const look of looks) look(domains)
        isFirst = false
      },
      state: (now) => {
        ;[told.value, untold.value] = [now === 'open', now === 'ended']
        // What was asked for before the server listened may be old, whenever it came.
        if (isFirst && now === 'open') since = Date.now()
      },
    })
  }
  watch(() => wanted.value && session.principal && `${session.principal.name} ${session.principal.project}`, (who) => {
    stop()
    ;[told.value, untold.value] = [false, false]
    if (who) start()
  }, { immediate: true })
  onScopeDispose(() => {
    clearTimeout(timer)
    leave()
    stop()
  })
}
