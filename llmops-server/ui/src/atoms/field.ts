/** How an input learns its label, hint and error from the field around it. */
import { computed, inject, type InjectionKey } from 'vue'

export type FieldContext = {
  id: string
  describedBy: () => string | undefined
  invalid: () => boolean
  required: () => boolean
}
export const FIELD: InjectionKey<FieldContext> = Symbol('field')

export function useField() {
  const field = inject(FIELD, undefined)
  return computed(() =>
    field && {
      id: field.id,
      'aria-describedby': field.describedBy(),
      'aria-invalid': field.invalid() || undefined,
      'aria-required': field.required() || undefined,
    },
  )
}

/** The look that all inputs share. */
export const BOX =
  'w-full rounded-md border border-line bg-raised px-2.5 text-sm transition-colors hover:border-line-strong ' +
  'aria-invalid:border-red disabled:opacity-55'
