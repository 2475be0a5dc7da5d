/** 召回核查 on the phone, as docs/rooms/recall.md has it: holders of the officer's own place, each with what it answers for. */
import { ask, type Answer } from '@/api'
import type { Shot } from '@/kit/photo'
import { fresh, get, put, type Kept } from '@/store/kept'

type Near = Answer<'GET /api/recall-visits'>[number]
export type Holding = Answer<'GET /api/recalls/{id}/tasks/{party}'>
export type Line = Holding['lines'][number]
/** A holder of one recall, with what a list of the way needs. */
export interface Holder {
  recall: string
  party: string
  name: string
  food: string
  batch: string
  grade: number
  unit: string
  due: number
  open: number | null
  /** First moment that is too late, ms UTC. */
  due_at: number
  /** open, reported, settled */
  state: string
  lon: number | null
  lat: number | null
}
/** In base units; null: not said yet. */
export interface Told {
  on_hand: number | null
  sold: number | null
  destroyed: number | null
  returned: number | null
}
export interface RecallDraft {
  /** `RECALL/PARTY` */
  of: string
  title: string
  party_name: string
  lines: Record<string, Told>
  note: string
  shots: Shot[]
}
/** What goes into the queue. */
export interface RecallWork {
  recall: string
  party: string
  lines: { origin: number; on_hand: number; sold: number; destroyed: number; returned: number }[]
  note: string
  shots: Shot[]
}
export const GRADES: Record<number, string> = { 1: '一级', 2: '二级', 3: '三级' }
export const STATES: Record<string, { name: string; tone: string }> = { open: { name: '待报告', tone: 'warn' }, reported: { name: '已报告', tone: 'info' }, settled: { name: '已了结', tone: 'ok' } }

/** All holders of all recalls that go on in the officer's place. */
export const holders = (): Promise<Kept<Holder[]>> =>
  fresh('recall-holders', async () => {
    const out: Holder[] = []
    for (const { id } of await ask('GET /api/recall-visits')) out.push(...flat(await ask('GET /api/recall-visits/{id}', { path: { id } })))
    return out
  })
const flat = (v: Near): Holder[] =>
  v.tasks.map((t) => ({ recall: v.id, party: t.party, name: t.name, food: v.food, batch: v.batch, grade: v.grade, unit: v.unit, due: t.due, open: t.open ?? null, due_at: t.due_at, state: t.state, lon: t.lon ?? null, lat: t.lat ?? null }))
const name = (recall: string, party: string): string => `holding/${recall}/${party}`
export const holding = (recall: string, party: string): Promise<Kept<Holding>> => fresh(name(recall, party), () => ask('GET /api/recalls/{id}/tasks/{party}', { path: { id: recall, party } }))
/** Holders that are brought along for a day with no network: those that have not reported, in the order given. */
const BROUGHT = 60
/** How many of them are on the phone; those of this hour are not asked for again. */
export async function bringHolders(list: Holder[]): Promise<number> {
  let here = 0
  for (const h of list.filter((h) => h.state === 'open').slice(0, BROUGHT)) {
    const had = await get<Holding>(name(h.recall, h.party))
    const loaded = had && Date.now() - had.at < 3_600_000 ? null : await ask('GET /api/recalls/{id}/tasks/{party}', { path: { id: h.recall, party: h.party } }).catch(() => null)
    if (loaded) await put(name(h.recall, h.party), loaded)
    if (loaded || had) here += 1
  }
  return here
}
export const broughtOf = (list: Holder[]): number => Math.min(BROUGHT, list.filter((h) => h.state === 'open').length)

export function beginRecall(h: Holding): RecallDraft {
  const told = (l: Line): Told => (l.told ? { on_hand: l.told.on_hand, sold: l.told.sold, destroyed: l.told.destroyed, returned: l.told.returned } : { on_hand: null, sold: null, destroyed: null, returned: h.on_the_spot ? 0 : null })
  return { of: `${h.recall.id}/${h.task.party}`, title: h.task.name, party_name: `${h.recall.food} 批号 ${h.recall.batch || '未登记'}`, lines: Object.fromEntries(h.lines.map((l) => [l.origin, told(l)])), note: '', shots: [] }
}
export const sum = (t: Told | undefined): number => (t?.on_hand ?? 0) + (t?.sold ?? 0) + (t?.destroyed ?? 0) + (t?.returned ?? 0)
/** 去向不明: what a line still leaves unexplained; less than nothing where more was found than the papers say. */
export const left = (l: Line, t: Told | undefined): number => l.due - sum(t) - (l.told?.remedied ?? 0)
/** What the ledger says, to be checked against the shelf. */
export function byBook(l: Line, t: Told): void {
  Object.assign(t, { on_hand: Math.max(0, l.book_on_hand), sold: Math.max(0, l.book_sold), destroyed: Math.max(0, l.book_gone), returned: t.returned ?? 0 })
}
/** What keeps it from being handed in, each as a person reads it. */
export function gaps(h: Holding, d: RecallDraft): string[] {
  const out: string[] = []
  for (const l of h.lines) {
    const t = d.lines[l.origin]
    const batch = `${l.food} 批号 ${l.batch || '未登记'}`
    if (!t || t.on_hand === null || t.sold === null || t.destroyed === null || t.returned === null) out.push(`${batch}：现存、已售、已销毁${h.on_the_spot ? '' : '、已退回'}都要填，没有的填 0`)
    else if (!l.unknown && sum(t) + (l.told?.remedied ?? 0) > Math.max(l.due, l.book_on_hand + l.book_sold + l.book_gone)) out.push(`${batch}：填报合计超过应当说明的数量，请核对；台账漏记进货的先补记`)
  }
  const something = Object.values(d.lines).some((t) => (t.on_hand ?? 0) + (t.destroyed ?? 0) + (t.returned ?? 0) > 0)
  if (something && !d.shots.length) out.push('现存、销毁、退回应当附照片：封存现场、销毁现场或退货单据')
  return out
}
