/** 快检 on the phone, as docs/rooms/rapid.md has it: one batch of a point, each row with its card, its result and its photos. */
import { ask, newKey, type Answer } from '@/api'
import type { Shot } from '@/kit/photo'
import { today } from '@/kit/format'
import * as drafts from '@/store/drafts'
import { fresh, get, put, type Kept } from '@/store/kept'
import { queue, refresh, takeBack, type Item } from '@/store/queue'
import { calls, MOST_ROWS, type CardOf, type RapidRow as Row } from '@console/kit/rapid'

export { calls, GOODS, toItem } from '@console/kit/rapid'

export type Point = Answer<'GET /api/rapid/points'>[number]
export type PointView = Answer<'GET /api/rapid/points/{id}'>
export type { CardOf }
export interface RapidRow extends Row {
  shots: Shot[]
}
/** 复测: what the first test fixes, and the card and device that it used. */
export interface Again {
  number: string
  item: string
  maker: string
  batch: string
  device: string
}
/** Stays from row to row, until it is said otherwise. */
export interface RapidDraft {
  of: string
  title: string
  party_name: string
  card: CardOf | null
  device: string
  stall: string
  party: string
  who: string
  food: string
  goods: string
  code: string
  place: string
  value: string
  unit: string
  again: Again | null
  rows: RapidRow[]
}
/** What goes into the queue. */
export interface RapidWork {
  point: string
  point_name: string
  rows: RapidRow[]
}
/** What the server said to a row; `id` is empty where it did not take it. */
export interface Outcome {
  key: string
  id: string
  number: string
  case_id: string
  message: string
}
export const RESULTS: Record<string, { name: string; tone: string; mark: string }> = {
  negative: { name: '阴性', tone: 'ok', mark: '−' },
  positive: { name: '阳性', tone: 'bad', mark: '＋' },
  suspect: { name: '可疑', tone: 'warn', mark: '？' },
  invalid: { name: '无效', tone: '', mark: '×' },
}

export const points = (): Promise<Kept<Point[]>> => fresh('rapid-points', async () => (await ask('GET /api/rapid/points')).filter((p) => p.state === 'active'))
export const pointView = (id: string): Promise<Kept<PointView>> => fresh(`rapid-point/${id}`, () => ask('GET /api/rapid/points/{id}', { path: { id } }))
/** The point that was used last, and with what. */
export interface Last {
  point: string
  card: CardOf | null
  device: string
}
export const last = (point: string): Promise<Kept<Last> | null> => get<Last>(`rapid-last/${point}`)
export const lastPoint = async (): Promise<string> => (await get<string>('rapid-last'))?.value ?? ''
export async function remember(l: Last): Promise<void> {
  await put('rapid-last', l.point)
  await put(`rapid-last/${l.point}`, l)
}
/** Points that are brought along for a day with no network: the last used one first. */
const BROUGHT = 20
/** How many of them are on the phone; those of this hour are not asked for again. */
export async function bringPoints(list: Point[]): Promise<number> {
  const first = await lastPoint()
  const wanted = [...list].sort((a, b) => Number(b.id === first) - Number(a.id === first)).slice(0, BROUGHT)
  let here = 0
  for (const p of wanted) {
    const had = await get<PointView>(`rapid-point/${p.id}`)
    const loaded = had && Date.now() - had.at < 3_600_000 ? null : await ask('GET /api/rapid/points/{id}', { path: { id: p.id } }).catch(() => null)
    if (loaded) await put(`rapid-point/${p.id}`, loaded)
    if (loaded || had) here += 1
  }
  return here
}
export async function beginRapid(point: string, name: string): Promise<RapidDraft> {
  const had = (await last(point))?.value
  const card = had?.card && had.card.expires >= today() ? had.card : null
  return { of: point, title: '', party_name: name, card, device: had?.device ?? '', stall: '', party: '', who: '', food: '', goods: 'farm', code: '', place: '', value: '', unit: '', again: null, rows: [] }
}
/** Same card and same device as the first test: that would be no second one. */
export const sameAgain = (d: RapidDraft): boolean => !!d.again && d.card?.batch === d.again.batch && d.card.maker === d.again.maker && d.device === d.again.device
/** What keeps a result from being written down; empty where nothing does. */
export function gap(d: RapidDraft): string {
  if (!d.card) return '请先选检测卡'
  if (d.card.expires < today()) return '这批检测卡已过有效期，请换卡'
  if (!d.food.trim()) return '请填品种'
  if (sameAgain(d)) return '复测须换另一批次的检测卡，或换另一台设备'
  return d.rows.length >= MOST_ROWS ? `一批最多 ${MOST_ROWS} 条，请先提交` : ''
}
/** Writes a result down; stall, business and card stay for the next, the food does not. */
export function record(d: RapidDraft, result: string, now = Date.now()): RapidRow {
  const card = d.card
  if (!card) throw new Error('no card')
  const row: RapidRow = {
    key: newKey(), tested_at: now, card: { ...card }, device: d.device, stall: d.stall.trim(), party: d.party, party_name: d.who, food: d.food.trim(), goods: d.goods, code: d.code.trim(), source_place: d.place.trim(),
    value: d.value.trim(), unit: d.unit.trim(), result, again: d.again?.number ?? '', shots: [],
  }
  d.rows.unshift(row)
  Object.assign(d, { food: '', code: '', place: '', value: '', again: null })
  return d.rows[0] as RapidRow
}
export const title = (rows: RapidRow[]): string => {
  const bad = rows.filter((r) => calls(r.result)).length
  return `快检 ${rows.length} 条${bad ? `，阳性或可疑 ${bad} 条` : ''}`
}
export const outcomes = (item: Item): Outcome[] => (item.done.tests ? (JSON.parse(item.done.tests) as Outcome[]) : [])

/**
 * What was not taken goes back into the batch of its point, under new keys, to be mended there; what was taken stays in the queue and
 * is done. Both at once.
 */
export async function mendRows(item: Item): Promise<void> {
  const work = item.body as RapidWork
  const said = outcomes(item)
  const isIn = (r: RapidRow): boolean => said.some((o) => o.key === r.key && o.id)
  const back = work.rows.filter((r) => !isIn(r)).map((r) => ({ ...r, key: newKey(), fault: said.find((o) => o.key === r.key)?.message ?? '' }))
  const rest = work.rows.filter(isIn)
  const had = (await drafts.list()).find((d) => d.kind === 'rapid' && (d.value as RapidDraft).of === work.point)
  const value = (had?.value as RapidDraft | undefined) ?? (await beginRapid(work.point, work.point_name))
  const draft = { id: had?.id ?? newKey(), kind: 'rapid', value: { ...value, rows: [...back, ...value.rows] } }
  const stays = rest.length ? { kind: item.kind, title: title(rest), about: item.about, body: { ...work, rows: rest }, files: rest.flatMap((r) => r.shots.map((s) => s.hash)), done: item.done } : null
  await takeBack(item.id, stays, draft)
}
/** The first test of a second one, out of the record that brought it. */
export async function againOf(record: string, number: string): Promise<{ row: RapidRow; again: Again } | null> {
  await refresh()
  const item = queue.items.find((i) => i.id === record && i.kind === 'rapid')
  const key = item && outcomes(item).find((o) => o.number === number)?.key
  const row = item && (item.body as RapidWork).rows.find((r) => r.key === key)
  return row ? { row, again: { number, item: row.card.item, maker: row.card.maker, batch: row.card.batch, device: row.device } } : null
}
