/** Rows of a list as they come page by page, and what a fresher look at its head changes in them. Pure. */
export type Rows<T> = {
  rows: T[]
  /** Where each page begins: its cursor and the index of its first row. */
  pages: { cursor: string; at: number }[]
  next?: string
  total?: number
}

type Page<T> = { items: T[]; page: { nextCursor?: string | null; total?: number | null } }

export const none = <T>(): Rows<T> => ({ rows: [], pages: [] })

/** Puts the page that `cursor` asked for behind the rows. */
export function added<T>(to: Rows<T>, { items, page }: Page<T>, cursor: string): Rows<T> {
  return {
    rows: [...to.rows, ...items],
    pages: [...to.pages, { cursor, at: to.rows.length }],
    next: page.nextCursor ?? undefined,
    total: page.total ?? to.total,
  }
}

/** The cursor of the page that a row is on. */
export function cursorAt<T>(of: Rows<T>, row: number): string {
  return of.pages.findLast((page) => page.at <= row)?.cursor ?? ''
}

/** What is known of the order of a list: whether its head is all there is, and whether a row that changes keeps its place. */
export type Order = { isWhole?: boolean; isFixed?: boolean }

/**
 * Changes rows in place to what the head of the list now says, and drops those that it passes over: they are gone, unless they may have
 * gone elsewhere. What is new is counted, not put in, so that nothing jumps.
 */
export function patched<T>(to: Rows<T>, head: T[], idOf: (row: T) => string, order: Order = {}): { rows: Rows<T>; fresh: number } {
  const newest = new Map(head.map((row) => [idOf(row), row]))
  const known = new Map(to.rows.map((row, at) => [idOf(row), at]))
  const places = head.flatMap((row) => known.get(idOf(row)) ?? [])
  const inOrder = places.every((place, at) => at === 0 || place > places[at - 1])
  const end = order.isWhole ? to.rows.length : order.isFixed && inOrder ? (places.at(-1) ?? -1) : -1
  const stays = to.rows.map((row, at) => at > end || newest.has(idOf(row)))
  let [at, gone] = [0, 0]
  const goneBefore = (end: number) => {
    while (at < end) gone += stays[at++] ? 0 : 1
    return gone
  }
  const pages = to.pages.map((page) => ({ ...page, at: page.at - goneBefore(page.at) }))
  const total = to.total === undefined ? undefined : to.total - goneBefore(to.rows.length)
  const rows = to.rows.filter((_, at) => stays[at]).map((row) => newest.get(idOf(row)) ?? row)
  return { rows: { ...to, rows, pages, total }, fresh: head.filter((row) => !known.has(idOf(row))).length }
}
