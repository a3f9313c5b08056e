/** Rows of a list as they come page by page, and what a fresher look at its head or a page changes in them. Pure. */
import type { ListOp } from '@/api/types'

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

/** Rows from `first` to before `last`. */
export type Span = { first: number; last: number }

/** The most pages that are looked at at a time. */
export const MOST_PAGES = 3

/** The cursors of the pages on which rows stand that are seen. The first `known` rows are looked at anyway. */
export function cursorsIn<T>(of: Rows<T>, { first, last }: Span, known = 0): string[] {
  const endOf = (at: number) => of.pages[at + 1]?.at ?? of.rows.length
  const seen = of.pages.filter(({ cursor, at }, page) => at < last && endOf(page) > first && (cursor || last > known))
  return seen.slice(0, MOST_PAGES).map(({ cursor }) => cursor)
}

/** What is known of a part of a list: whether nothing else is from there on, and whether a row that changes keeps its place. */
export type Order = { isWhole?: boolean; isFixed?: boolean }

/** Whether rows that change keep their places in this order: what it goes by is given once. But runs may be renamed. */
export const isFixed = (op: ListOp, sort: string) => ['', 'createdAt', 'startedAt', ...(op === 'experiments.search_runs' ? [] : ['name'])].includes(sort.replace(/^-/, ''))

/**
 * Changes rows in place to what a part of the list now says, its head or the page that begins at `from`, and drops those that it passes
 * over: they are gone, unless they may have gone elsewhere. What is new is counted, not put in, so that nothing jumps.
 */
export function patched<T>(to: Rows<T>, part: T[], idOf: (row: T) => string, order: Order = {}, from = 0): { rows: Rows<T>; fresh: number } {
  const newest = new Map(part.map((row) => [idOf(row), row]))
  const known = new Map(to.rows.map((row, at) => [idOf(row), at]))
  const places = part.flatMap((row) => known.get(idOf(row)) ?? [])
  const inOrder = places.every((place, at) => at === 0 || place > places[at - 1])
  const end = order.isWhole ? to.rows.length : order.isFixed && inOrder ? (places.at(-1) ?? -1) : -1
  const stays = to.rows.map((row, at) => at < from || at > end || newest.has(idOf(row)))
  let [at, gone] = [0, 0]
  const goneBefore = (end: number) => {
    while (at < end) gone += stays[at++] ? 0 : 1
    return gone
  }
  const pages = to.pages.map((page) => ({ ...page, at: page.at - goneBefore(page.at) }))
  const total = to.total === undefined ? undefined : to.total - goneBefore(to.rows.length)
  const rows = to.rows.filter((_, at) => stays[at]).map((row) => newest.get(idOf(row)) ?? row)
  return { rows: { ...to, rows, pages, total }, fresh: part.filter((row) => !known.has(idOf(row))).length }
}

/** Rows of a part that nobody knows, between others or where the list ends. Those at the part's end may be of the next page, which nobody read. */
export function between<T>(to: Rows<T>, part: T[], idOf: (row: T) => string, isWhole = false): T[] {
  const known = new Set(to.rows.map(idOf))
  const end = isWhole ? part.length : part.findLastIndex((row) => known.has(idOf(row)))
  return part.slice(0, Math.max(0, end)).filter((row) => !known.has(idOf(row)))
}

/** Puts those rows where they belong: each behind the one that is before it in the part, which begins at `from`. */
export function joined<T>(to: Rows<T>, part: T[], idOf: (row: T) => string, isWhole = false, from = 0): Rows<T> {
  const fresh = new Set(between(to, part, idOf, isWhole))
  const behind = new Map<string | undefined, T[]>()
  let last: string | undefined
  for (const row of part) {
    if (fresh.has(row)) behind.set(last, [...(behind.get(last) ?? []), row])
    else last = idOf(row)
  }
  const begin = behind.get(undefined) ?? []
  const rows = [...to.rows.slice(0, from), ...begin, ...to.rows.slice(from)].flatMap((row) => [row, ...(behind.get(idOf(row)) ?? [])])
  let come = 0
  const before = to.rows.map((row, at) => (at > from ? begin.length : 0) + (come += behind.get(idOf(row))?.length ?? 0) - (behind.get(idOf(row))?.length ?? 0))
  const pages = to.pages.map((page) => ({ ...page, at: page.at + (before[page.at] ?? (page.at > from ? begin.length : 0) + come) }))
  return { ...to, rows, pages, total: to.total === undefined ? undefined : to.total + fresh.size }
}

/** Those of the selected that may be: what left the list is selected no more; what is on pages that nobody read stays. */
export function stillSelected<T>(selected: string[], before: Rows<T>, now: Rows<T>, idOf: (row: T) => string): string[] {
  const [was, is] = [before, now].map(({ rows }) => new Set(rows.map(idOf)))
  const isWhole = now.pages[0]?.cursor === '' && !now.next
  // A list that begins anew has no rows for a moment.
  return now.pages.length ? selected.filter((id) => is.has(id) || !(isWhole || was.has(id))) : selected
}
