/** Samples to be taken and brought, as docs/rooms/sampling.md has them. */
import { ask, newKey, type Answer } from '@/api'
import { fresh, get, put, type Kept } from '@/store/kept'
import type { ApiContract } from '@console/api/schema'
import { device } from './visits'

export type Task = Answer<'GET /api/samples/mine'>[number]
export type SamplePack = Answer<'GET /api/samples/{id}/pack'>
export type Goods = SamplePack['goods'][number]
export type SheetForm = SamplePack['form']
export type SheetField = SheetForm['sections'][number]['fields'][number]
export type NewSheet = ApiContract['POST /api/samples/{id}/sheet']['body']
export type SampleDetail = Answer<'GET /api/samples/{id}'>
export type Assay = Answer<'GET /api/handovers/{code}'>

export const tasks = (): Promise<Kept<Task[]>> => fresh('samples', () => ask('GET /api/samples/mine'))
export const pack = (id: string): Promise<Kept<SamplePack>> => fresh(`sample/${id}`, () => ask('GET /api/samples/{id}/pack', { path: { id } }))
export const detail = (id: string): Promise<Kept<SampleDetail>> => fresh(`sampled/${id}`, () => ask('GET /api/samples/{id}', { path: { id } }))
export const hold = (id: string): Promise<unknown> => ask('POST /api/samples/{id}/hold', { path: { id }, body: { device: device() } })
export const release = (id: string): Promise<unknown> => ask('POST /api/samples/{id}/release', { path: { id } })
export const scanned = (id: string, code: string): Promise<Goods> => ask('POST /api/samples/{id}/goods', { path: { id }, body: { code }, key: newKey() })

/** All packs onto the phone; how many are there. Those of this hour are not asked for again. */
export async function bringSamples(rows: Task[]): Promise<number> {
  let here = 0
  for (const t of rows.filter((t) => t.status === 'planned')) {
    const had = await get<SamplePack>(`sample/${t.id}`)
    const loaded = had && Date.now() - had.at < 3_600_000 ? null : await ask('GET /api/samples/{id}/pack', { path: { id: t.id } }).catch(() => null)
    if (loaded) await put(`sample/${t.id}`, loaded)
    if (loaded || had) here += 1
  }
  return here
}
export const MODES: Record<string, string> = { inner: '内分离', outer: '外分离', quality: '质分离' }
export const KINDS: Record<string, string> = { supervision: '监督抽检', monitor: '风险监测' }
export const STAGES: Record<string, string> = { produce: '生产', trade: '流通', catering: '餐饮' }
/** What is next with a sample, for whom who asks. */
export function nextOf(t: Task, me: string): { name: string; tone: string } {
  if (t.status === 'taken') return { name: '待送样', tone: 'info' }
  if (!t.sheet_by) return { name: '待抽样', tone: '' }
  return t.sheet_by === me ? { name: '等另一人签封', tone: 'warn' } : { name: '等您签封', tone: 'bad' }
}
/** Goods on hand that a code stands for: what was read is a trace code, an address with one, or a barcode. */
export function among(goods: Goods[], text: string): Goods[] {
  const last = text.trim().split(/[?#]/)[0]?.split('/').filter(Boolean).pop() ?? ''
  const gtin = last.padStart(14, '0')
  return goods.filter((g) => (g.code && g.code === last.toUpperCase()) || (/^\d{8,14}$/.test(last) && g.gtin === gtin))
}
/** 16 letters and digits that nobody takes for one another. */
export function handCode(): string {
  const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => letters[b & 31]).join('')
}
