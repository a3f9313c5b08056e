import type { Finder, Hit } from '@/router'
import { isId } from './like'

/** What is found by a text. Of which kind an id is nobody knows: each is asked for it, if nothing was found otherwise. */
export async function findAll(text: string, among: Finder[]): Promise<Hit[]> {
  const found = (await Promise.all(among.map((finder) => finder.find(text).catch(() => [])))).flat()
  if (found.length || !isId(text)) return found
  return (await Promise.all(among.map((finder) => finder.one?.(text.toLowerCase()).catch(() => undefined)))).filter((hit) => hit !== undefined)
}
