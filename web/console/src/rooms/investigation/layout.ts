/**
 * Places a delivery network from left (sources) to right (consumers), so that direction reads without arrows:
 * layers by longest path, order by barycentre, tall layers folded into blocks of columns.
 */
export interface Node {
  id: string
}
export interface Edge {
  from: string
  to: string
}
export interface Spot {
  x: number
  y: number
}
const COLUMN = 34
const ROW = 26
const GAP = 130

/** Edges without loops and without those that close a cycle (found by a depth-first walk without recursion). */
function acyclic(ids: string[], edges: Edge[]): Map<string, string[]> {
  const out = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const e of edges) if (e.from !== e.to) out.get(e.from)?.push(e.to)
  const state = new Map<string, 1 | 2>()
  const keep = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const root of ids) {
    if (state.has(root)) continue
    const stack: [string, number][] = [[root, 0]]
    state.set(root, 1)
    while (stack.length) {
      const top = stack[stack.length - 1]!
      const to = out.get(top[0])![top[1]++]
      if (to === undefined) {
        state.set(top[0], 2)
        stack.pop()
      } else if (state.get(to) !== 1) {
        keep.get(top[0])!.push(to)
        if (!state.has(to)) (state.set(to, 1), stack.push([to, 0]))
      }
    }
  }
  return keep
}

function layers(ids: string[], out: Map<string, string[]>): Map<string, number> {
  const degree = new Map(ids.map((id) => [id, 0]))
  for (const list of out.values()) for (const to of list) degree.set(to, degree.get(to)! + 1)
  const rank = new Map(ids.map((id) => [id, 0]))
  const order = ids.filter((id) => !degree.get(id))
  for (let i = 0; i < order.length; i++) {
    const id = order[i]!
    for (const to of out.get(id)!) {
      rank.set(to, Math.max(rank.get(to)!, rank.get(id)! + 1))
      degree.set(to, degree.get(to)! - 1)
      if (!degree.get(to)) order.push(to)
    }
  }
  // a source stands just before its first follower, not at the far left
  for (const id of order.reverse()) {
    const list = out.get(id)!
    if (list.length) rank.set(id, Math.max(rank.get(id)!, Math.min(...list.map((to) => rank.get(to)!)) - 1))
  }
  return rank
}

function untangle(rows: string[][], near: Map<string, string[]>): void {
  const at = new Map<string, number>()
  const number = (): void => rows.forEach((row) => row.forEach((id, i) => at.set(id, row.length > 1 ? i / (row.length - 1) : 0.5)))
  number()
  for (let sweep = 0; sweep < 12; sweep++) {
    for (const row of sweep % 2 ? [...rows].reverse() : rows) {
      const mean = new Map(row.map((id) => {
        const n = near.get(id)!
        return [id, n.length ? n.reduce((s, o) => s + at.get(o)!, 0) / n.length : at.get(id)!]
      }))
      row.sort((a, b) => mean.get(a)! - mean.get(b)!)
      row.forEach((id, i) => at.set(id, row.length > 1 ? i / (row.length - 1) : 0.5))
    }
    number()
  }
}

/** A picture much wider than high has room between its lines: the names are not to run into one another. */
function airy(spots: Map<string, Spot>, width: number): void {
  const ys = [...spots.values()].map((s) => s.y)
  const height = Math.max(ROW, ...ys) - Math.min(0, ...ys)
  const by = Math.min(2.4, (width * 0.45) / height)
  if (by > 1) for (const s of spots.values()) s.y *= by
}

export function layout(nodes: Node[], edges: Edge[]): Map<string, Spot> {
  const ids = nodes.map((n) => n.id)
  const known = new Set(ids)
  const real = edges.filter((e) => known.has(e.from) && known.has(e.to))
  const near = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const e of real) if (e.from !== e.to) (near.get(e.from)!.push(e.to), near.get(e.to)!.push(e.from))
  const linked = ids.filter((id) => near.get(id)!.length)
  const rank = layers(linked, acyclic(linked, real))
  const rows: string[][] = []
  for (const id of linked) (rows[rank.get(id)!] ??= []).push(id)
  const full = Array.from(rows, (r) => r ?? [])
  untangle(full, near)

  // fold so that the whole is about 1.7 times as wide as high
  const tallest = Math.max(8, Math.round(Math.sqrt((ids.length * COLUMN * 0.9) / ROW / 1.1)))
  const spots = new Map<string, Spot>()
  let x = 0
  for (const row of full) {
    if (!row.length) continue
    const columns = Math.ceil(row.length / tallest)
    const height = Math.ceil(row.length / columns)
    row.forEach((id, i) => {
      const column = i % columns
      const line = Math.floor(i / columns)
      spots.set(id, { x: x + column * COLUMN, y: (line - (height - 1) / 2) * ROW + (columns > 1 && column % 2 ? ROW / 2 : 0) })
    })
    x += (columns - 1) * COLUMN + GAP
  }
  airy(spots, x)
  const lone = ids.filter((id) => !near.get(id)!.length)
  const wide = Math.max(1, Math.floor(Math.max(x, 400) / COLUMN))
  const bottom = Math.max(0, ...[...spots.values()].map((s) => s.y)) + ROW * 3
  lone.forEach((id, i) => spots.set(id, { x: (i % wide) * COLUMN, y: bottom + Math.floor(i / wide) * ROW }))
  return spots
}
