/** What lies behind and ahead of an element over the lot relations, for highlighting. The scores come from the server. */
import type { Network } from './api'

export interface Index {
  /** delivery → deliveries it went into, and those it came from */
  next: Map<string, string[]>
  prev: Map<string, string[]>
  ends: Map<string, { from: string; to: string }>
  out: Map<string, string[]>
  into: Map<string, string[]>
}
const put = (m: Map<string, string[]>, k: string, v: string): void => {
  const list = m.get(k)
  if (list) list.push(v)
  else m.set(k, [v])
}
export function index(net: Network): Index {
  const ix: Index = { next: new Map(), prev: new Map(), ends: new Map(), out: new Map(), into: new Map() }
  for (const d of net.deliveries) {
    ix.ends.set(d.id, { from: d.from, to: d.to })
    put(ix.out, d.from, d.id)
    put(ix.into, d.to, d.id)
  }
  for (const r of net.relations) {
    put(ix.next, r.from, r.into)
    put(ix.prev, r.into, r.from)
  }
  return ix
}
/** Steps from the start of every delivery reached; `steps` bounds the walk. */
export function walk(start: string[], step: Map<string, string[]>, steps = Infinity): Map<string, number> {
  const seen = new Map(start.map((d) => [d, 1]))
  let edge = start
  for (let n = 2; edge.length && n <= steps; n++) {
    const following: string[] = []
    for (const d of edge) for (const f of step.get(d) ?? []) if (!seen.has(f)) (seen.set(f, n), following.push(f))
    edge = following
  }
  return seen
}
export interface Reach {
  behind: Map<string, number>
  ahead: Map<string, number>
}
export function reach(ix: Index, kind: 'station' | 'delivery', ids: string[], steps = Infinity): Reach {
  const starts = (by: Map<string, string[]>): string[] => (kind === 'delivery' ? ids : ids.flatMap((id) => by.get(id) ?? []))
  return { behind: walk(starts(ix.into), ix.prev, steps), ahead: walk(starts(ix.out), ix.next, steps) }
}

export interface Place {
  lon: number
  lat: number
}
/** Straight distance on the sphere, in km (haversine, mean radius 6,371 km). */
export function kilometres(a: Place, b: Place): number {
  const rad = Math.PI / 180
  const h = Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2
  return 12_742 * Math.asin(Math.min(1, Math.sqrt(h)))
}
