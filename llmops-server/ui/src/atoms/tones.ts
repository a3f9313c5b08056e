/** Colour and sign of each state of the platform. The word is `atoms.status.<state>`: none of the three stands alone. */
import {
  Ban, Check, CircleAlert, CircleCheck, CircleDashed, CircleDot, CircleX, Clock, Eye, LoaderCircle, Pause, PencilLine, ShieldAlert,
  TriangleAlert,
} from '@lucide/vue'
import type { Component } from 'vue'

export type Tone = 'gray' | 'blue' | 'green' | 'red' | 'amber' | 'violet'

export const TONES: Record<Tone, string> = {
  gray: 'bg-gray-soft text-gray',
  blue: 'bg-blue-soft text-blue',
  green: 'bg-green-soft text-green',
  red: 'bg-red-soft text-red',
  amber: 'bg-amber-soft text-amber',
  violet: 'bg-violet-soft text-violet',
}

const STATES: Record<string, [Tone, Component]> = {
  draft: ['gray', PencilLine],
  under_review: ['amber', Eye],
  approved: ['green', CircleCheck],
  rejected: ['red', CircleX],
  deprecated: ['gray', Ban],
  queued: ['gray', Clock],
  running: ['blue', CircleDot],
  succeeded: ['green', CircleCheck],
  finished: ['green', CircleCheck],
  failed: ['red', CircleX],
  killed: ['amber', Ban],
  cancelled: ['amber', Ban],
  deploying: ['blue', LoaderCircle],
  healthy: ['green', CircleCheck],
  degraded: ['amber', TriangleAlert],
  stopped: ['gray', Pause],
  active: ['green', CircleCheck],
  revoked: ['red', Ban],
  expired: ['gray', Clock],
  verified: ['green', Check],
  quarantined: ['red', ShieldAlert],
  damaged: ['red', TriangleAlert],
  pending: ['gray', CircleDashed],
  clean: ['green', CircleCheck],
  allowed: ['green', Check],
  denied: ['red', CircleX],
  approve: ['green', CircleCheck],
  reject: ['red', CircleX],
  request_changes: ['amber', PencilLine],
}

export const stateOf = (state: string): [Tone, Component] => STATES[state] ?? ['gray', CircleAlert]
export const KNOWN_STATES = Object.keys(STATES)
