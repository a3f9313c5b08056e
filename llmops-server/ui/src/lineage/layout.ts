/** Places the things of a lineage in columns, from what was first to what came last. Pure. */
export type Node = { id: string; kind: string; name?: string | null }
export type Edge = { from: string; to: string; relation: string }
export type Placed = { node: Node; column: number; row: number }

export type Measures = { width: number; gap: number; scale: number }

const [WIDE, NARROW] = [{ width: 220, gap: 72 }, { width: 168, gap: 36 }]
/** Smaller than this nobody reads it: what is still wider scrolls. */
const LEAST = 0.7

/** How wide things and gaps are in so much room: first they become narrow, then all becomes small. Without a known room they are wide. */
export function fitted(columns: number, room: number): Measures {
  const total = ({ width, gap }: { width: number; gap: number }) => columns * width + (columns - 1) * gap
  const [most, least] = [total(WIDE), total(NARROW)]
  const part = room > 0 ? Math.min(1, Math.max(0, (room - least) / (most - least))) : 1
  const between = (from: number, to: number) => Math.floor(from + (to - from) * part)
  return { width: between(NARROW.width, WIDE.width), gap: between(NARROW.gap, WIDE.gap), scale: room > 0 ? Math.max(LEAST, Math.min(1, room / least)) : 1 }
}

/** A thing stands one column behind the last of what it came from; a thing of no origin stands just before what came of it. */
export function placed(nodes: Node[], edges: Edge[]): Placed[] {
  const known = new Set(nodes.map((node) => node.id))
  const real = edges.filter((edge) => known.has(edge.from) && known.has(edge.to) && edge.from !== edge.to)
  const column = new Map(nodes.map((node) => [node.id, 0]))
  // Each round moves things behind their origins; a circle, which no honest history has, ends with the rounds.
  for (let round = 0; round < nodes.length; round++) {
    let moved = false
    for (const { from, to } of real) {
      const behind = column.get(from)! + 1
      if (column.get(to)! < behind && behind < nodes.length) {
        column.set(to, behind)
        moved = true
      }
    }
    if (!moved) break
  }
  for (const node of nodes) {
    if (real.some((edge) => edge.to === node.id)) continue
    const next = real.filter((edge) => edge.from === node.id).map((edge) => column.get(edge.to)!)
    if (next.length) column.set(node.id, Math.min(...next) - 1)
  }
  const filled = new Map<number, number>()
  return nodes.map((node) => {
    const at = column.get(node.id)!
    const row = filled.get(at) ?? 0
    filled.set(at, row + 1)
    return { node, column: at, row }
  })
}
