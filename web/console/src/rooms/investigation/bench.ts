/** The state of one open investigation: network, marks with undo, live scores, selection and filters. */
import { computed, inject, nextTick, provide, reactive, ref, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import { Problem } from '@/api'
import { amountBrief, amountWithUnit } from '@/kit/format'
import { complain } from '@/kit/toast'
import { network as loadNetwork, open, saveMarks, score, whole as loadWhole, type County, type Delivery, type OpenCase, type Mark, type Marks, type Network, type Score, type Scores, type Station, type Sums, type Whole } from './api'
import { index, kilometres, reach, type Index, type Place, type Reach } from './reach'

export type Pick = { kind: 'station' | 'delivery'; id: string }
export interface GraphNode {
  id: string
  name: string
  members: string[]
}
export interface GraphEdge {
  id: string
  from: string
  to: string
  deliveries: string[]
}
const NONE: Mark = { weight: 0, cross_contamination: false, kill_contamination: false, observed: false }
const blank = (m: Mark): boolean => !m.weight && !m.cross_contamination && !m.kill_contamination && !m.observed

export interface Filters {
  from: string
  to: string
  text: string
  kind: string
  /** Steps from the selection; 0 = no limit. */
  steps: number
  /** Straight distance from `centre`; 0 = no limit. */
  km: number
  centre: (Place & { name: string }) | null
}
/** Amounts as text: in brief, and exact to the gram. */
export interface Told {
  brief: string
  exact: string
}
/** What the network holds, or what a filter leaves of it. Amounts as text, one a unit. */
export interface Totals {
  stations: number
  deliveries: number
  on_hand: Told
  sold: Told
  unaccounted: Told
  /** places, or lots, whose stock is not known */
  unknown: number
}
export interface Bench {
  id: string
  info: Ref<OpenCase | null>
  net: Ref<Network | null>
  error: Ref<unknown>
  load: () => Promise<void>
  marks: Ref<Marks>
  scores: Ref<Scores | null>
  scoring: Ref<boolean>
  took: Ref<number>
  saved: Ref<number | null>
  selected: Ref<Pick | null>
  picked: Ref<Set<string>>
  filters: Filters
  by: Ref<'station' | 'division'>
  stations: ComputedRef<Map<string, Station>>
  deliveries: ComputedRef<Map<string, Delivery>>
  ix: ComputedRef<Index | null>
  shown: ComputedRef<{ stations: Set<string>; deliveries: Delivery[] }>
  graph: ComputedRef<{ nodes: GraphNode[]; edges: GraphEdge[] }>
  lit: ComputedRef<Reach | null>
  /** The whole network, also where only a part of it is drawn. */
  totals: ComputedRef<Totals>
  /** What the filters leave of what is drawn; null where nothing is filtered. */
  narrowed: ComputedRef<Totals | null>
  /** The counties of the whole network. */
  counties: ComputedRef<County[]>
  /** Score of an element; one in a group has the group's, one that nothing leads to has noughts. */
  scoreOf: (p: Pick) => Score | undefined
  /** Places and deliveries met in a table that are not drawn: their names and marks can be looked at. */
  know: (stations: Station[], deliveries: Delivery[]) => void
  /** Stations with a score above zero, best first; among equals the one with more trade, as hubs explain more. */
  ranks: ComputedRef<string[]>
  frozen: ComputedRef<boolean>
  markOf: (p: Pick) => Mark
  mark: (p: Pick, change: Partial<Mark>) => void
  change: (next: Marks) => void
  undo: () => void
  redo: () => void
  canUndo: ComputedRef<boolean>
  canRedo: ComputedRef<boolean>
  select: (p: Pick | null, add?: boolean) => void
}
/** Names of the measures of a change: until the server's answer, until the new scores are on the screen. */
export const ANSWERED = 'scores answered'
export const SHOWN = 'scores shown'
const KEY: InjectionKey<Bench> = Symbol('bench')
export const useBench = (): Bench => inject(KEY)!

const within = (d: Delivery, from: string, to: string): boolean => {
  const [a, b] = [d.departure || d.arrival, d.arrival || d.departure]
  // an unknown part counts as possible
  const early = from && b ? b >= from.slice(0, b.length) : true
  return early && (to && a ? a.slice(0, 10) <= to : true)
}
const NOUGHT: Score = { score: 0, positive: 0, negative: 0, normalized: 0, forward: false, backward: false }

/** Sums of many lists, unit by unit. A unit with nothing in it is not named beside one that has something. */
function amounts(list: Sums[]): Omit<Totals, 'stations' | 'deliveries'> {
  const units = [...new Set(list.map((s) => s.unit))]
  const of = (what: (s: Sums) => number, unknown: (s: Sums) => number): Told => {
    const each = units.map((unit) => {
      const mine = list.filter((s) => s.unit === unit)
      const known = mine.some((s) => unknown(s) < s.lots)
      return { unit, amount: known ? mine.reduce((n, s) => n + what(s), 0) : null }
    })
    const told = each.filter((e) => e.amount)
    const shown = told.length ? told : each.slice(0, 1)
    const say = (f: typeof amountBrief): string => shown.map((e) => f(e.amount, e.unit)).join('、') || '不明'
    return { brief: say(amountBrief), exact: say(amountWithUnit) }
  }
  return {
    on_hand: of((s) => s.on_hand + s.on_way, (s) => s.unknown_on_hand),
    sold: of((s) => s.sold, (s) => (s.sold ? 0 : s.unknown_amount)),
    unaccounted: of((s) => s.unaccounted, (s) => s.unknown_unaccounted),
    unknown: list.reduce((n, s) => n + s.unknown_on_hand, 0),
  }
}

export function createBench(id: string): Bench {
  const info = ref<OpenCase | null>(null)
  const net = shallowRef<Network | null>(null)
  const all = shallowRef<Whole | null>(null)
  const met = shallowRef<{ stations: Map<string, Station>; deliveries: Map<string, Delivery> }>({ stations: new Map(), deliveries: new Map() })
  const error = ref<unknown>(null)
  const marks = shallowRef<Marks>({ stations: {}, deliveries: {}, groups: [], enforce_temporal_order: true })
  const scores = shallowRef<Scores | null>(null)
  const scoring = ref(false)
  const took = ref(0)
  const saved = ref<number | null>(null)
  const selected = ref<Pick | null>(null)
  const picked = ref(new Set<string>())
  const filters = reactive<Filters>({ from: '', to: '', text: '', kind: '', steps: 0, km: 0, centre: null })
  const by = ref<'station' | 'division'>('station')
  const past = shallowRef<Marks[]>([])
  const future = shallowRef<Marks[]>([])

  const stations = computed(() => new Map([...met.value.stations, ...(net.value?.stations ?? []).map((s) => [s.id, s] as const)]))
  const deliveries = computed(() => new Map([...met.value.deliveries, ...(net.value?.deliveries ?? []).map((d) => [d.id, d] as const)]))
  function know(s: Station[], d: Delivery[]): void {
    met.value = { stations: new Map([...met.value.stations, ...s.map((x) => [x.id, x] as const)]), deliveries: new Map([...met.value.deliveries, ...d.map((x) => [x.id, x] as const)]) }
  }
  const ix = computed(() => (net.value ? index(net.value) : null))
  const lit = computed(() => (selected.value && ix.value ? reach(ix.value, selected.value.kind, [selected.value.id]) : null))

  const shown = computed(() => {
    const near = filters.steps && selected.value && ix.value ? reach(ix.value, selected.value.kind, [selected.value.id], filters.steps) : null
    const text = filters.text.trim().toLowerCase()
    const centre = filters.km ? filters.centre : null
    const inside = centre ? new Set((net.value?.stations ?? []).filter((s) => s.lon != null && s.lat != null && kilometres(centre, { lon: s.lon, lat: s.lat }) <= filters.km).map((s) => s.id)) : null
    const fits = (d: Delivery): boolean => {
      if (inside && !(inside.has(d.from) && inside.has(d.to))) return false
      if (near && !near.behind.has(d.id) && !near.ahead.has(d.id)) return false
      if (!within(d, filters.from, filters.to)) return false
      const [a, b] = [stations.value.get(d.from), stations.value.get(d.to)]
      if (filters.kind && a?.kind !== filters.kind && b?.kind !== filters.kind) return false
      return !text || `${d.product} ${d.batch} ${a?.name} ${b?.name}`.toLowerCase().includes(text)
    }
    const list = (net.value?.deliveries ?? []).filter(fits)
    const narrowed = near || text || filters.kind || filters.from || filters.to
    // within a circle a place counts also when its goods came from beyond it
    const set = new Set(narrowed ? list.flatMap((d) => [d.from, d.to]) : inside ?? (net.value?.stations ?? []).map((s) => s.id))
    // what is selected stays in sight; where nothing is filtered it is there anyway, and nothing is drawn anew for it
    if ((narrowed || inside) && selected.value?.kind === 'station') set.add(selected.value.id)
    return { stations: set, deliveries: list }
  })

  /** The same list until a group changes: a weight that is set draws nothing anew. */
  const groups = computed(() => marks.value.groups)
  const graph = computed(() => {
    const group = new Map(groups.value.flatMap((g) => g.stations.map((s) => [s, g] as const)))
    const home = (sid: string): { id: string; name: string } => {
      const s = stations.value.get(sid)
      if (by.value === 'division') return { id: `d:${s?.division}`, name: s?.division_name || '区划不明' }
      const g = group.get(sid)
      return g ? { id: `g:${g.id}`, name: g.name } : { id: sid, name: s?.name ?? sid }
    }
    const nodes = new Map<string, GraphNode>()
    for (const sid of shown.value.stations) {
      const h = home(sid)
      const node = nodes.get(h.id) ?? { id: h.id, name: h.name, members: [] }
      node.members.push(sid)
      nodes.set(h.id, node)
    }
    const edges = new Map<string, GraphEdge>()
    for (const d of shown.value.deliveries) {
      const [a, b] = [home(d.from).id, home(d.to).id]
      const key = `${a}>${b}`
      const edge = edges.get(key) ?? { id: key, from: a, to: b, deliveries: [] }
      edge.deliveries.push(d.id)
      edges.set(key, edge)
    }
    return { nodes: [...nodes.values()], edges: [...edges.values()] }
  })

  const drawn = (ids: Iterable<string>, count: number): Totals => {
    const list = [...ids].map((s) => stations.value.get(s)).filter((s): s is Station => !!s)
    return { stations: list.length, deliveries: count, ...amounts(list.flatMap((s) => s.sums)) }
  }
  const totals = computed((): Totals => {
    const [n, w] = [net.value, all.value]
    if (!n) return { stations: 0, deliveries: 0, ...amounts([]) }
    return { stations: n.stations_count, deliveries: n.deliveries_count, ...amounts(w?.totals ?? []) }
  })
  const filtered = computed(() => !!(filters.from || filters.to || filters.text.trim() || filters.kind || (filters.steps && selected.value) || (filters.km && filters.centre)))
  const narrowed = computed(() => (filtered.value ? drawn(shown.value.stations, shown.value.deliveries.length) : null))
  const ranks = computed(() => {
    const s = scores.value?.stations ?? {}
    const trade = (id: string): number => (ix.value?.out.get(id)?.length ?? 0) + (ix.value?.into.get(id)?.length ?? 0)
    return Object.keys(s).filter((id) => s[id]!.score > 0).sort((a, b) => s[b]!.score - s[a]!.score || trade(b) - trade(a))
  })
  const groupOf = computed(() => new Map(groups.value.flatMap((g) => g.stations.map((s) => [s, g.id] as const))))
  function scoreOf(p: Pick): Score | undefined {
    const s = scores.value
    if (!s) return undefined
    return p.kind === 'station' ? (s.stations[groupOf.value.get(p.id) ?? p.id] ?? NOUGHT) : (s.deliveries[p.id] ?? NOUGHT)
  }
  const frozen = computed(() => info.value?.state !== 'open')

  async function load(): Promise<void> {
    error.value = null
    try {
      const [c, n, w] = await Promise.all([open(id), loadNetwork(id), loadWhole(id)])
      info.value = c
      all.value = w
      net.value = n
      marks.value = c.marks
      await rescore()
    } catch (e) {
      error.value = e
    }
  }
  let asking: AbortController | null = null
  async function rescore(): Promise<void> {
    asking?.abort()
    const mine = (asking = new AbortController())
    scoring.value = true
    const start = (asked = performance.now())
    try {
      const got = await score(id, marks.value, mine.signal)
      if (asking !== mine) return
      performance.measure(ANSWERED, { start })
      scores.value = got
      await nextTick()
      requestAnimationFrame(() => {
        took.value = Math.round(performance.measure(SHOWN, { start: clicked || start }).duration)
        clicked = 0
      })
    } catch (e) {
      if (asking === mine) complain(e)
    } finally {
      if (asking === mine) scoring.value = false
    }
  }
  /** When the last change was made by a hand, and when the server was last asked. */
  let clicked = 0
  let asked = 0
  let scoreTimer = 0
  let saveTimer = 0
  watch(marks, (_, old) => {
    if (!net.value || !old) return
    clicked ||= performance.now()
    clearTimeout(scoreTimer)
    // a click is answered at once; a row of them, as of a wheel that turns, in steps
    scoreTimer = window.setTimeout(() => void rescore(), performance.now() - asked > 300 ? 0 : 60)
  })
  function keep(): void {
    clearTimeout(saveTimer)
    saved.value = null
    saveTimer = window.setTimeout(() => void saveMarks(id, marks.value).then(() => (saved.value = Date.now()), (e: unknown) => e instanceof Problem && complain(e)), 700)
  }
  function put(next: Marks): void {
    marks.value = next
    keep()
  }
  function change(next: Marks): void {
    if (frozen.value) return
    past.value = [...past.value.slice(-99), marks.value]
    future.value = []
    put(next)
  }
  function undo(): void {
    const last = past.value[past.value.length - 1]
    if (!last) return
    past.value = past.value.slice(0, -1)
    future.value = [marks.value, ...future.value]
    put(last)
  }
  function redo(): void {
    const [next, ...rest] = future.value
    if (!next) return
    future.value = rest
    past.value = [...past.value, marks.value]
    put(next)
  }
  const table = (p: Pick): 'stations' | 'deliveries' => (p.kind === 'station' ? 'stations' : 'deliveries')
  const markOf = (p: Pick): Mark => marks.value[table(p)][p.id] ?? NONE
  function mark(p: Pick, part: Partial<Mark>): void {
    const next = { ...markOf(p), ...part }
    const list = { ...marks.value[table(p)] }
    if (blank(next)) delete list[p.id]
    else list[p.id] = next
    change({ ...marks.value, [table(p)]: list })
  }
  function select(p: Pick | null, add = false): void {
    if (add && p?.kind === 'station') {
      const set = new Set(picked.value)
      if (selected.value?.kind === 'station') set.add(selected.value.id)
      if (set.has(p.id) && p.id !== selected.value?.id) set.delete(p.id)
      else set.add(p.id)
      picked.value = set
    } else picked.value = new Set()
    selected.value = p
  }
  const bench: Bench = { id, info, net, error, load, marks, scores, scoring, took, saved, selected, picked, filters, by, stations, deliveries, ix, shown, graph, lit, totals, narrowed, counties: computed(() => all.value?.counties ?? []), scoreOf, know, ranks, frozen, markOf, mark, change, undo, redo, canUndo: computed(() => past.value.length > 0), canRedo: computed(() => future.value.length > 0), select }
  provide(KEY, bench)
  return bench
}

/** Score to the ink of a mark: nothing to full action blue; an unscored element is white. */
export function tint(normalized: number | undefined): string {
  if (!normalized) return '#ffffff'
  const t = Math.min(1, Math.abs(normalized))
  const mix = (a: number, b: number): number => Math.round(a + (b - a) * Math.sqrt(t))
  return normalized > 0 ? `rgb(${mix(240, 11)},${mix(246, 87)},${mix(252, 164)})` : `rgb(${mix(244, 95)},${mix(246, 110)},${mix(248, 130)})`
}
