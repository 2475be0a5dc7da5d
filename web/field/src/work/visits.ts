/** Visits as the contract in docs/rooms/inspection.md has them. */
import { ask, failure, Problem, type Answer } from '@/api'
import { fresh, get, put, type Kept } from '@/store/kept'
import type { ApiContract } from '@console/api/schema'

export type VisitRow = Answer<'GET /api/visits/mine'>[number]
export type Pack = Answer<'GET /api/visits/{id}/pack'>
export type CheckItem = Pack['checklist']['items'][number]
/** What the server answers to a record. */
export type Recorded = Answer<'POST /api/visits/{id}/record'>
/** The record as the contract has it. */
export type NewRecord = ApiContract['POST /api/visits/{id}/record']['body']

export const mine = (at: { lon: number; lat: number } | null): Promise<Kept<VisitRow[]>> =>
  fresh('visits', () => ask('GET /api/visits/mine', { query: { ...(at ? { lon: at.lon, lat: at.lat } : {}) } }))
export const pack = (id: string): Promise<Kept<Pack>> => fresh(`pack/${id}`, () => ask('GET /api/visits/{id}/pack', { path: { id } }))
export const ofParty = (party: string): Promise<Kept<VisitRow[]>> => fresh(`visits/${party}`, async () => (await ask('GET /api/visits', { query: { party, size: 10 } })).items)
export const CONCLUSIONS: Record<string, string> = { no_issue: '未发现问题', issue_found: '发现问题' }

/** All of today's packs onto the phone; those of today are not asked for again within the hour. */
export async function bringAll(rows: VisitRow[]): Promise<number> {
  let here = 0
  for (const v of rows) {
    const had = await get<Pack>(`pack/${v.id}`)
    if (had && Date.now() - had.at < 3_600_000) here += 1
    else {
      const loaded = await ask('GET /api/visits/{id}/pack', { path: { id: v.id } }).catch(() => null)
      if (loaded) await put(`pack/${v.id}`, loaded)
      if (loaded || had) here += 1
    }
  }
  return here
}
/** Names this phone for the lock. */
export function device(): string {
  const had = localStorage.getItem('device')
  if (had) return had
  const made = `phone-${crypto.randomUUID().slice(0, 8)}`
  localStorage.setItem('device', made)
  return made
}
export const lock = (id: string): Promise<unknown> => ask('POST /api/visits/{id}/lock', { path: { id }, body: { device: device() } })
export const unlock = (id: string): Promise<unknown> => ask('POST /api/visits/{id}/unlock', { path: { id } })
/** 到达现场: told at once where there is a network; the record tells it where there was none. */
export const arrive = (id: string, body: ApiContract['POST /api/visits/{id}/arrive']['body']): Promise<unknown> => ask('POST /api/visits/{id}/arrive', { path: { id }, body })
export const recordVisit = (id: string, body: NewRecord, key: string): Promise<Recorded> => ask('POST /api/visits/{id}/record', { path: { id }, body, key })

/** Bytes for the printer, kept for printing again with no network. */
const paperName = (id: string, width: number): string => `escpos/${width}/${id}`
export async function paper(id: string, width: 58 | 80): Promise<Uint8Array<ArrayBuffer>> {
  const got = await fresh(paperName(id, width), async () => {
    const r = await fetch(`/api/visits/${id}/record.escpos?width=${width}`, { credentials: 'same-origin' }).catch(() => {
      throw new Problem(0, 'offline', '没有网络')
    })
    if (!r.ok) throw await failure(r)
    return btoa(String.fromCharCode(...new Uint8Array(await r.arrayBuffer())))
  })
  return Uint8Array.from(atob(got.value), (c) => c.charCodeAt(0))
}
export async function bringPaper(id: string): Promise<void> {
  for (const width of [58, 80] as const) await paper(id, width).catch(() => undefined)
}
