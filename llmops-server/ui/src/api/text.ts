/** Downloads whose text a page shows. */
import { tell, urlOf } from './client'
import { asApiError, errorOf, unreachable } from './error'
import { ours } from './headers'
import { signedIn } from './hold'
import type { Input, OpId } from './types'

export function textFrom<O extends OpId>(op: O, input: Input<O>, signal?: AbortSignal): Promise<string> {
  return signedIn(() => once(op, input, signal), signal)
}

async function once<O extends OpId>(op: O, input: Input<O>, signal?: AbortSignal): Promise<string> {
  try {
    const response = await fetch(urlOf(op, input), { headers: ours(), signal }).catch((thrown) => {
      throw signal?.aborted ? thrown : unreachable()
    })
    if (!response.ok) throw await errorOf(response)
    tell('reached')
    return await response.text()
  } catch (thrown) {
    if (!signal?.aborted) tell('failed', asApiError(thrown))
    throw thrown
  }
}
