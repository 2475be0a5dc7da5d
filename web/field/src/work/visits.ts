/** Visits as the contract in docs/rooms/inspection.md has them. */
import { ask, failure, Problem, type Query } from '@/api'
import { fresh, get, put, type Kept } from '@/store/kept'

export interface VisitRow {
  id: string
  number: string
  party: string
  name: string
  address: string
  lon?: number | null
  lat?: number | null
  kind: string
  kind_name: string
  checklist: string
  due: string
  status: string
  phase: string
  next_m?: number | null
  /** On the record: the business answers behind it. */
  code: string
  record_no: string
  recorded_at?: number | null
  conclusion: string
  bad: number
}
export interface CheckItem {
  code: string
  section: string
  important: boolean
  text: string
  statute: string
  guidance: string
  photo: 'always' | 'bad' | 'never'
}
export interface Pack {
  visit: VisitRow & { officers: { user: string; name: string }[] }
  kind: { code: string; name: string; whole: boolean; announced: boolean; remote: boolean; officers: number }
  business: { id: string; code: string; name: string; kind: string; address: string; lon?: number | null; lat?: number | null; status: string; licences: { kind: string; number: string; issued: string; expires: string }[]; grade?: string | null }
  visits: { id: string; number: string; kind: string; recorded_at?: number | null; conclusion: string; bad: number }[]
  findings: { id: string; number: string; what: string; status: string; due_at?: number | null }[]
  checklist: { hash: string; code: string; version: number; name: string; items: CheckItem[] }
  lock?: { user: string; name: string; until: number; device: string } | null
  answer_url: string
  made_at: number
}
/** What the server answers to a record. */
export interface Recorded {
  visit: string
  number: string
  code: string
  status: string
  conclusion: string
  handling: string[]
  publish_by?: number | null
  answer_url: string
  findings: { id: string; number: string; code: string; item: string; status: string }[]
}
type Loose = { path?: Record<string, string>; query?: Query; body?: unknown; key?: string }
const to = ask as unknown as <T>(op: string, args?: Loose) => Promise<T>

export const mine = (at: { lon: number; lat: number } | null): Promise<Kept<VisitRow[]>> =>
  fresh('visits', () => to<VisitRow[]>('GET /api/visits/mine', { query: { ...(at ? { lon: at.lon, lat: at.lat } : {}) } }))
export const pack = (id: string): Promise<Kept<Pack>> => fresh(`pack/${id}`, () => to<Pack>('GET /api/visits/{id}/pack', { path: { id } }))
export const ofParty = (party: string): Promise<Kept<VisitRow[]>> => fresh(`visits/${party}`, async () => (await to<{ items: VisitRow[] }>('GET /api/visits', { query: { party, size: 10 } })).items)
export const CONCLUSIONS: Record<string, string> = { no_issue: '未发现问题', issue_found: '发现问题' }

/** All of today's packs onto the phone; those of today are not asked for again within the hour. */
export async function bringAll(rows: VisitRow[]): Promise<number> {
  let here = 0
  for (const v of rows) {
    const had = await get<Pack>(`pack/${v.id}`)
    if (had && Date.now() - had.at < 3_600_000) here += 1
    else {
      const loaded = await to<Pack>('GET /api/visits/{id}/pack', { path: { id: v.id } }).catch(() => null)
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
export const lock = (id: string): Promise<{ until: number; device: string }> => to('POST /api/visits/{id}/lock', { path: { id }, body: { device: device() } })
export const unlock = (id: string): Promise<unknown> => to('POST /api/visits/{id}/unlock', { path: { id }, body: {} })
export const arrive = (id: string, body: unknown, key: string): Promise<unknown> => to('POST /api/visits/{id}/arrive', { path: { id }, body, key })
export const recordVisit = (id: string, body: unknown, key: string): Promise<Recorded> => to('POST /api/visits/{id}/record', { path: { id }, body, key })

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
