/** Rows of the tables of the workbench, from what is drawn and from the server's pages alike. */
import type { Amount } from '@/api'
import { amountWithUnit, count, partial, score } from '@/kit/format'
import type { Column } from '@/kit/list/columns'
import { KINDS } from '@/kit/words'
import type { County, Delivery, LotRow, MoveRow, Station } from './api'

export interface Row {
  id: string
  name: string
  division: string
  product: string
  batch: string
  to: string
  score: number
  positive: number
  negative: number
  normalized: number
  into: number
  out: number
  lots: number
  places: number
  departure: string
  arrival: string
  made: string
  kind: string
  unit: string
  amount: Amount
  on_hand: Amount
  sold: Amount
  unaccounted: Amount
  mark: string
}
const NONE: Row = { id: '', name: '', division: '', product: '', batch: '', to: '', score: 0, positive: 0, negative: 0, normalized: 0, into: 0, out: 0, lots: 0, places: 0, departure: '', arrival: '', made: '', kind: '', unit: 'g', amount: null, on_hand: null, sold: null, unaccounted: null, mark: '' }

export const stationRow = (s: Station): Row => ({ ...NONE, id: s.id, name: s.name, division: s.division_name, into: s.into, out: s.out, lots: s.lots, unit: s.unit, on_hand: s.on_hand ?? null, sold: s.sold ?? null, unaccounted: s.unaccounted ?? null })
export const deliveryRow = (d: Delivery, name: (id: string) => string): Row => ({ ...NONE, id: d.id, product: d.product, batch: d.batch, name: name(d.from), to: name(d.to), departure: d.departure, arrival: d.arrival, amount: d.amount ?? null, unit: d.unit })
export const moveRow = (m: MoveRow): Row => ({ ...NONE, id: m.id, product: m.product, batch: m.batch, name: m.from_name, to: m.to_name, departure: m.departure, arrival: m.arrival, amount: m.amount ?? null, unit: m.unit })
export const deliveryOf = (m: MoveRow): Delivery => ({ id: m.id, from: m.from, to: m.to, product: m.product, batch: m.batch, departure: m.departure, arrival: m.arrival, amount: m.amount ?? null, unit: m.unit, lot: m.lot })
export const lotRow = (l: LotRow): Row => ({ ...NONE, id: String(l.no), product: l.product_name, batch: l.batch, name: l.holder_name, made: l.made, departure: l.at, kind: KINDS[l.kind] ?? l.kind, amount: l.amount ?? null, on_hand: l.on_hand ?? null, sold: l.sold, unaccounted: l.unaccounted ?? null, unit: l.unit })

/** A line for each unit of a county: amounts of different units do not add up. */
export function countyRowsOf(counties: County[]): Row[] {
  return counties.flatMap((c) => (c.sums.length ? c.sums : [null]).map((s): Row => ({
    ...NONE, id: `${c.division}/${s?.unit ?? ''}`, name: c.name, places: c.stations, lots: s?.lots ?? 0, unit: s?.unit ?? 'g',
    on_hand: s && s.unknown_on_hand < s.lots ? s.on_hand + s.on_way : null, sold: s ? s.sold : null, unaccounted: s && s.unknown_unaccounted < s.lots ? s.unaccounted : null,
  })))
}
export function countyRows(stations: Station[], scoreOf: (id: string) => number): Row[] {
  const by = new Map<string, Row>()
  const add = (a: Amount, b: Amount | undefined): Amount => (b == null ? a : (a ?? 0) + b)
  for (const s of stations) {
    const key = `${s.division_name}/${s.unit}`
    const old = by.get(key) ?? { ...NONE, id: key, name: s.division_name || '区划不明', unit: s.unit }
    by.set(key, { ...old, places: old.places + 1, lots: old.lots + s.lots, score: Math.max(old.score, scoreOf(s.id)), on_hand: add(old.on_hand, s.on_hand), sold: add(old.sold, s.sold), unaccounted: add(old.unaccounted, s.unaccounted) })
  }
  return [...by.values()]
}

export type Table = 'stations' | 'deliveries' | 'lots' | 'counties'
type Col = Column<Row>
const points = (key: keyof Row, label: string, sort = true): Col => ({ key, label, num: true, sort, text: (r) => score(r[key] as number) })
const weight = (key: keyof Row, label: string): Col => ({ key, label, num: true, sort: true, text: (r) => amountWithUnit(r[key] as Amount, r.unit) })
const whole = (key: keyof Row, label: string): Col => ({ key, label, num: true, sort: true, text: (r) => count(r[key] as number) })
/** `remote`: the server sorts, and by the score alone of the four. */
const scores = (remote: boolean): Col[] => [points('score', '得分'), points('positive', '阳性分', !remote), points('negative', '阴性分', !remote), points('normalized', '归一', !remote)]
const word = (key: keyof Row, label: string, sort: Col['sort'] = true, more: Partial<Col> = {}): Col => ({ key, label, sort: sort ?? false, ...more })
const far = (remote: boolean, name: string): Col['sort'] => (remote ? { up: name, down: `-${name}` } : true)

export const TABLES: { key: Table; label: string; columns: (remote: boolean) => Col[] }[] = [
  { key: 'stations', label: '主体', columns: (remote) => [word('name', '主体', true, { lead: true }), points('score', '得分'), weight('on_hand', '现存'), weight('sold', '已售'), weight('unaccounted', '去向不明'), word('division', '区划'), whole('into', '进'), whole('out', '出'), ...scores(remote).slice(1), word('mark', '标记', !remote)] },
  { key: 'deliveries', label: '流转', columns: (remote) => [word('product', '产品', true, { lead: true }), word('name', '发出', far(remote, 'from')), word('to', '收到', true), word('departure', '发出日', true, { text: (r) => partial(r.departure) }), word('arrival', '到达日', true, { text: (r) => partial(r.arrival) }), weight('amount', '数量'), ...scores(remote), word('mark', '标记', !remote)] },
  { key: 'lots', label: '批次', columns: () => [word('product', '产品与批号', true, { lead: true }), word('name', '持有者', far(true, 'holder')), word('kind', '由来', false), word('departure', '日期', far(true, 'at'), { text: (r) => partial(r.departure) }), word('made', '生产日期', true, { text: (r) => partial(r.made) }), weight('amount', '数量'), weight('on_hand', '现存'), weight('sold', '已售'), weight('unaccounted', '去向不明')] },
  { key: 'counties', label: '区县', columns: () => [word('name', '区划', true, { lead: true }), whole('places', '主体'), weight('on_hand', '现存'), weight('sold', '已售'), weight('unaccounted', '去向不明')] },
]
