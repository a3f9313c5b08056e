/** Endpoints by a part of their name, or by the end of their id. Their list knows routes alone, and not their models: it is looked through page by page, until there are enough. */
import { call } from '@/api/client'
import type { Input, Wire } from '@/api/types'
import { isLike } from '@/shell/like'

export async function endpointsLike(text: string, most: number, more: Omit<Input<'serving.list_endpoints'>, 'cursor' | 'limit'> = {}) {
  const found: Wire<'Endpoint'>[] = []
  let cursor: string | undefined
  do {
    const { items, page } = await call('serving.list_endpoints', { ...more, limit: 1000, cursor })
    found.push(...items.filter(({ id, route, modelName }) => isLike(text)({ id, name: `${route} ${modelName}` })))
    cursor = page.nextCursor ?? undefined
  } while (cursor && found.length < most)
  return found.slice(0, most)
}
