/**
 * The picture of a kind of case, as a rail: a box a status, by rank from the top; arrows that go on run in lanes at the
 * right, one lane a target; those that go back run at the left. It needs no more than 300 px.
 */
import type { Diagram } from '@/api'

export const LINE = 18
const HEAD = 30
const GAP = 22
const LANE = 11
const PAD = 10

export interface Box {
  code: string
  name: string
  start: boolean
  end: boolean
  x: number
  y: number
  w: number
  h: number
  lines: { text: string; kind: 'task' | 'clock' | 'edge' | 'house' }[]
}
export interface Wire {
  key: string
  from: string
  to: string
  path: string
  walked: boolean
}
export interface Rail {
  boxes: Box[]
  wires: Wire[]
  width: number
  height: number
}

/** Widths are estimated: a Chinese character is as wide as it is high, others about half. */
const wide = (text: string, size: number): number => [...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2000 ? size : size * 0.56), 0)
function wrap(text: string, width: number, size: number): string[] {
  const out: string[] = []
  let line = ''
  for (const c of text) {
    if (line && wide(line + c, size) > width) {
      out.push(line)
      line = '　'
    }
    line += c
  }
  return [...out, line]
}

/** Status codes from the top: by rank, those that go on before those that end. */
function order(d: Diagram): Diagram['nodes'] {
  const rank = (n: Diagram['nodes'][number]): number => (n.rank < 0 ? 99 : n.rank)
  return d.nodes.map((n, i) => ({ n, i })).sort((a, b) => rank(a.n) - rank(b.n) || Number(a.n.end) - Number(b.n.end) || a.i - b.i).map((x) => x.n)
}

interface Lane {
  to: number
  from: number[]
  top: number
  bottom: number
  at: number
}
/** One lane a target; lanes that do not meet share a place. The shortest stand nearest to the boxes. */
function lanes(pairs: [number, number][]): { list: Lane[]; count: number } {
  const list: Lane[] = []
  for (const [from, to] of pairs) {
    const had = list.find((l) => l.to === to)
    if (had) had.from.push(from)
    else list.push({ to, from: [from], top: 0, bottom: 0, at: 0 })
  }
  for (const l of list) [l.top, l.bottom] = [Math.min(l.to, ...l.from), Math.max(l.to, ...l.from)]
  list.sort((a, b) => a.bottom - a.top - (b.bottom - b.top) || a.top - b.top)
  const used: [number, number][][] = []
  for (const l of list) {
    let at = used.findIndex((taken) => taken.every(([t, b]) => l.top >= b || l.bottom <= t))
    if (at < 0) at = used.push([]) - 1
    used[at]!.push([l.top, l.bottom])
    l.at = at
  }
  return { list, count: used.length }
}

/** `walked`: pairs `from>to` of statuses that the case went through. */
export function rail(d: Diagram, width: number, walked: Set<string>): Rail {
  const nodes = order(d)
  const at = new Map(nodes.map((n, i) => [n.code, i]))
  const seen = new Set<string>()
  const pairs: [number, number][] = []
  for (const e of d.edges) {
    const [a, b] = [at.get(e.from), at.get(e.to)]
    if (a === undefined || b === undefined || a === b || seen.has(`${a}>${b}`)) continue
    seen.add(`${a}>${b}`)
    pairs.push([a, b])
  }
  const straight = pairs.filter(([a, b]) => b === a + 1)
  const right = lanes(pairs.filter(([a, b]) => b > a + 1))
  const left = lanes(pairs.filter(([a, b]) => b < a))
  const margin = (count: number): number => (count ? count * LANE + 10 : 2)
  const [x, rightEdge] = [margin(left.count), width - margin(right.count)]
  const w = rightEdge - x
  const boxes: Box[] = []
  let y = 2
  for (const n of nodes) {
    const lines: Box['lines'] = []
    const add = (text: string, kind: Box['lines'][number]['kind']): void => wrap(text, w - 2 * PAD, 12).forEach((text) => lines.push({ text, kind }))
    for (const t of n.tasks) add(`办 ${t}`, 'task')
    for (const c of n.clocks) add(`限 ${c}`, 'clock')
    for (const e of d.edges.filter((e) => e.from === n.code)) {
      const to = e.to === e.from ? '' : ` → ${nodes[at.get(e.to)!]?.name ?? e.to}`
      add(`${e.by_clock ? '到期：' : ''}${e.name}${to}`, e.by_clock ? 'house' : 'edge')
    }
    const h = HEAD + lines.length * LINE + (lines.length ? 8 : 0)
    boxes.push({ code: n.code, name: n.name, start: n.start, end: n.end, x, y, w, h, lines })
    y += h + GAP
  }
  const on = (a: number, b: number): boolean => walked.has(`${nodes[a]!.code}>${nodes[b]!.code}`)
  const wires: Wire[] = []
  const wire = (a: number, b: number, path: string): void => void wires.push({ key: `${a}>${b}`, from: nodes[a]!.code, to: nodes[b]!.code, path, walked: on(a, b) })
  for (const [a, b] of straight) wire(a, b, `M${x + w / 2} ${boxes[a]!.y + boxes[a]!.h} V${boxes[b]!.y - 1}`)
  for (const l of right.list) {
    const lx = rightEdge + 8 + l.at * LANE
    for (const a of l.from) wire(a, l.to, `M${rightEdge} ${leave(boxes[a]!, l.at)} H${lx} V${arrive(boxes[l.to]!)} H${rightEdge + 1}`)
  }
  for (const l of left.list) {
    const lx = x - 8 - l.at * LANE
    for (const a of l.from) wire(a, l.to, `M${x} ${leave(boxes[a]!, l.at)} H${lx} V${arrive(boxes[l.to]!)} H${x - 1}`)
  }
  // walked ones over the others
  wires.sort((a, b) => Number(a.walked) - Number(b.walked))
  return { boxes, wires, width, height: y - GAP + 4 }
}
/** Arrows leave from the foot of a box, each lane a little higher, and arrive at its head. */
const leave = (b: Box, lane: number): number => b.y + b.h - 7 - (lane % 3) * 4
const arrive = (b: Box): number => b.y + HEAD / 2
