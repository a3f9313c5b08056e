/** A form that carries out an operation: its values, what is wrong with them, and the sending, once however often it is pressed. */
import { computed, provide, reactive, type Ref, ref, watch } from 'vue'
import type { CallOptions } from '@/api/client'
import { useDo } from '@/api/query'
import type { Input, OpId, Output } from '@/api/types'
import { said } from '@/said/said'
import { useText } from '@/use/texts'
import { BEGAN, useUnsent } from './leaving'

export type FormOptions<V extends object, O extends OpId> = {
  op: O
  values: V
  /** What the operation gets. */
  input: (values: V) => Input<O>
  checks?: { [K in keyof V]?: (value: V[K], values: V) => string | undefined }
  /** Values that are secrets. They stay out of `input`, which is shown as code, go in with `fill`, and are emptied when they were taken. */
  secrets?: { [K in keyof V]: V[K] extends string ? K : never }[keyof V][]
  fill?: (input: Input<O>, values: V) => Input<O>
  call?: () => CallOptions
  touches?: OpId[]
  done: (answer: Output<O>) => void
}

export function useForm<V extends object, O extends OpId>(options: FormOptions<V, O>) {
  const { t } = useText()
  const values = reactive(options.values) as V
  const unsent = useUnsent(() => values)
  provide(BEGAN, unsent.began)
  const touched = ref<(keyof V)[]>([]) as Ref<(keyof V)[]>
  const tried = ref(false)
  // One key for one intention: pressing again after a lost answer does not do it twice, changing a value makes it another.
  const another = () => crypto.randomUUID?.() ?? String(Math.random())
  let intention = another()
  const sent = ref('')
  const send = useDo(options.op, {
    touches: options.touches,
    done: (answer) => {
      forget()
      unsent.sent()
      options.done(answer)
    },
    call: () => ({ idempotencyKey: intention, ...options.call?.() }),
    fill: (input) => options.fill?.(input, values) ?? input,
  })
  const forget = () => Object.assign(values, Object.fromEntries((options.secrets ?? []).map((name) => [name, ''])))
  watch(() => options.secrets?.map((name) => values[name]), () => (intention = another()))

  const wrong = computed(() => {
    const found: Partial<Record<keyof V, string>> = {}
    for (const name of Object.keys(options.checks ?? {}) as (keyof V)[]) {
      const key = options.checks?.[name]?.(values[name], values)
      if (key) found[name] = t(key)
    }
    return found
  })
  const input = computed(() => options.input(values))
  /** Errors as they are shown: of fields that were left or sent, and what the server says of a field. */
  const errors = computed(() => {
    const shown: Partial<Record<keyof V, string>> = {}
    for (const [name, text] of Object.entries(wrong.value) as [keyof V, string][]) if (tried.value || touched.value.includes(name)) shown[name] = text
    // What the server said is about what it was sent.
    const { message = '', more } = (sent.value === JSON.stringify(input.value) && send.error.value) || {}
    const field = more?.field?.split(/[.[\]]+/).find((part) => part in values) as keyof V | undefined
    if (field && !shown[field]) shown[field] = more?.hint && message ? `${said(message)}: ${said(more.hint)}` : message
    return shown
  })

  function submit() {
    tried.value = true
    if (Object.keys(wrong.value).length || send.isPending.value) return
    const now = JSON.stringify(input.value)
    if (sent.value && sent.value !== now) intention = another()
    sent.value = now
    send.mutate(input.value)
  }
  const left = (name: keyof V) => void touched.value.push(name)
  /** Begins anew with these values, as if nothing had been tried. */
  function reset(to: V) {
    Object.assign(values, to)
    unsent.sent()
    ;[touched.value, tried.value] = [[], false]
    send.reset()
  }
  return { reset, values, errors, input, submit, left, busy: send.isPending, error: send.error }
}

/** Checks that many forms need. */
export const needed = (value: string) => (value.trim() ? undefined : 'forms.needed')
export const name = (value: string) =>
  !value.trim() ? 'forms.needed' : /^[A-Za-z0-9_./-]{1,128}$/.test(value.trim()) ? undefined : 'forms.nameWrong'
export const semver = (value: string) => (/^\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/.test(value) ? undefined : 'forms.versionWrong')
export const address = (value: string) => {
  if (!value.trim()) return undefined
  const url = URL.canParse(value.trim()) ? new URL(value.trim()) : undefined
  return url && /^https?:$/.test(url.protocol) ? undefined : 'forms.addressWrong'
}
