/** Operations as vue-query: keys are `[operation, input]`, so that a room's lists are found by their operation. */
import { QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, onScopeDispose, ref, toValue, watch } from 'vue'
import { pace } from './changes'
import { call, type CallOptions } from './client'
import { type ApiError, asApiError } from './error'
import { link, whenBack } from './link'
import { session } from './session'
import { follow } from './sse'
import type { Input, OpId, Output } from './types'

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      networkMode: 'always',
      retry: (times, thrown) => times < 2 && asApiError(thrown).more.retryable === true && !asApiError(thrown).isNetwork,
    },
    mutations: { networkMode: 'always' },
  },
})

whenBack(() => void queries.invalidateQueries())

/** The key under which an operation's answer is kept: in another project the same question has another answer. */
export const keyOf = <O extends OpId>(op: O, input?: Input<O>) => (input === undefined ? [op] : [op, input, session.principal?.project])

export type ReadOptions = {
  enabled?: MaybeRefOrGetter<boolean>
  /** Kept fresh: read again when its domain changes, and this often, in milliseconds, where that is not told. */
  every?: MaybeRefOrGetter<number | false>
  /** Whether an answer takes the server some work, so that it is asked for less often. */
  heavy?: boolean
  /** Read again this often whatever is told: for what changes without a word. */
  poll?: MaybeRefOrGetter<number | false>
}

/** What makes vue-query keep an answer fresh as its options say. */
export const freshness = (options: ReadOptions) => ({
  meta: { fresh: options.every !== undefined && (options.heavy ? 'heavy' : 'light') },
  refetchInterval: computed(() => (link.lost ? false : toValue(options.poll) || pace(toValue(options.every) ?? false))),
})

/** Reads an operation's answer and keeps it fresh. */
export function useRead<O extends OpId>(op: O, input: MaybeRefOrGetter<Input<O>>, options: ReadOptions = {}) {
  return useQuery<Output<O>, ApiError>({
    queryKey: computed(() => keyOf(op, toValue(input))),
    queryFn: ({ signal }) => call(op, toValue(input), { signal }),
    enabled: computed(() => toValue(options.enabled) ?? true),
    ...freshness(options),
  })
}

export type DoOptions<O extends OpId> = {
  /** Operations whose answers this one changes; they are read again. */
  touches?: OpId[]
  done?: (answer: Output<O>) => void
  call?: () => CallOptions
  /** Puts a secret in as the call goes out: what was asked for is remembered for a while, what is put in here is not. */
  fill?: (input: Input<O>) => Input<O>
}

/** Carries out a change. Its error is shown by whoever asked: in the form, or in a toast. */
export function useDo<O extends OpId>(op: O, options: DoOptions<O> = {}) {
  const client = useQueryClient()
  return useMutation<Output<O>, ApiError, Input<O>>({
    mutationFn: (input) => call(op, options.fill?.(input) ?? input, options.call?.()),
    onSuccess: (answer) => {
      for (const touched of options.touches ?? []) void client.invalidateQueries({ queryKey: [touched] })
      options.done?.(answer)
    },
  })
}

/** Follows a stream whose items are the whole new state, and puts each into the answer of `into`. Says how the stream is. */
export function useLive<W extends OpId, O extends OpId>(
  op: W,
  input: MaybeRefOrGetter<Input<W>>,
  into: O,
  patch: (item: Output<W>, before: Output<O> | undefined) => Output<O> | undefined,
  enabled: MaybeRefOrGetter<boolean> = true,
) {
  const client = useQueryClient()
  const state = ref<'open' | 'waiting' | 'ended'>('waiting')
  let stop = () => {}
  const start = (given: Input<W>) => {
    stop()
    const queryKey = keyOf(into, given as unknown as Input<O>)
    stop = follow(op, given, {
      item: async (item) => {
        // What was asked before the item came may be answered after it, and would undo it.
        if (client.getQueryData(queryKey) !== undefined) await client.cancelQueries({ queryKey, exact: true })
        client.setQueryData<Output<O>>(queryKey, (before) => patch(item, before))
      },
      state: (now) => {
        state.value = now
        if (now === 'ended') void client.invalidateQueries({ queryKey, exact: true })
      },
    })
  }
  watch(() => toValue(enabled) && JSON.stringify(toValue(input)), (on) => (on ? start(toValue(input)) : stop()), { immediate: true })
  onScopeDispose(() => stop())
  return state
}
