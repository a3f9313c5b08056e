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

/** Changes rows in place to what the head of the list now says; what is new is counted, not put in, so that nothing jumps. */
export function patched<T>(to: Rows<T>, head: T[], idOf: (row: T) => string): { rows: Rows<T>; fresh: number } {
  const newest = new Map(head.map((row) => [idOf(row), row]))
  const known = new Set(to.rows.map(idOf))
  const rows = to.rows.map((row) => newest.get(idOf(row)) ?? row)
  const fresh = head.filter((row) => !known.has(idOf(row))).length
  return { rows: { ...to, rows }, fresh }
}
