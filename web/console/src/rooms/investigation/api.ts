/** The thin data layer of the workbench; everything that knows a path stands here. */
import { ask, sendFile, type Answer, type Sending } from '@/api'
import type { Mark as SparseMark, Marks as SparseMarks, Seeds } from '@/api/schema'

type Filled<T> = { [K in keyof T]-?: NonNullable<T[K]> }
export type Mark = Filled<SparseMark>
export type Marks = { stations: Record<string, Mark>; deliveries: Record<string, Mark>; groups: { id: string; name: string; stations: string[] }[]; enforce_temporal_order: boolean }
export type Case = Answer<'GET /api/investigations'>['items'][number]
export type OpenCase = Omit<Answer<'GET /api/investigations/{id}'>, 'marks'> & { marks: Marks }
export type Network = Answer<'GET /api/investigations/{id}/network'>
export type Station = Network['stations'][number]
export type Delivery = Network['deliveries'][number]
export type Scores = Answer<'POST /api/investigations/{id}/score'>
export type Score = Scores['stations'][string]
/** The whole of it in numbers, however much is drawn. */
export type Whole = Answer<'POST /api/investigations/{id}/view'>
export type Sums = Whole['totals'][number]
export type County = Whole['counties'][number]
export type LotRow = Answer<'POST /api/investigations/{id}/view/lots'>['items'][number]
export type MoveRow = Answer<'POST /api/investigations/{id}/view/moves'>['items'][number]
export type ScopeLine = Answer<'GET /api/investigations/scopes'>['items'][number]
/** A page of one of the three tables of a case. */
export interface TableAsk {
  q?: string
  sort?: string
  page?: number
  size?: number
  from?: string | null
  until?: string | null
  kinds?: string[]
}

/** Marks as the bench wants them: nothing left out. */
function filled(m: SparseMarks): Marks {
  const each = (list: Record<string, SparseMark> | undefined): Record<string, Mark> =>
    Object.fromEntries(Object.entries(list ?? {}).map(([id, x]) => [id, { weight: x.weight ?? 0, cross_contamination: x.cross_contamination ?? false, kill_contamination: x.kill_contamination ?? false, observed: x.observed ?? false }]))
  return { stations: each(m.stations), deliveries: each(m.deliveries), groups: (m.groups ?? []).map((g) => ({ id: g.id, name: g.name ?? '', stations: g.stations })), enforce_temporal_order: m.enforce_temporal_order ?? true }
}
const opened = (c: Answer<'GET /api/investigations/{id}'>): OpenCase => ({ ...c, marks: filled(c.marks) })

export const PATH = '/api/investigations'
export const open = (id: string): Promise<OpenCase> => ask('GET /api/investigations/{id}', { path: { id } }).then(opened)
export const network = (id: string, signal?: AbortSignal): Promise<Network> => ask('GET /api/investigations/{id}/network', { path: { id }, query: {}, ...(signal ? { signal } : {}) })
export const create = (title: string, seeds: Seeds, key: string): Promise<Answer<'POST /api/investigations'>> => ask('POST /api/investigations', { body: { title, seeds }, key })
export const importNetwork = (file: File, title: string, seen: (s: Sending) => void): Promise<Answer<'POST /api/investigations'>> => sendFile(`${PATH}/import`, { title }, file, seen)
export const score = (id: string, marks: Marks, signal: AbortSignal): Promise<Scores> => ask('POST /api/investigations/{id}/score', { path: { id }, body: { ...marks, sparse: true }, signal })
export const whole = (id: string): Promise<Whole> => ask('POST /api/investigations/{id}/view', { path: { id }, body: { limit: 0 } })
export const lotTable = (id: string, body: TableAsk, signal: AbortSignal): Promise<Answer<'POST /api/investigations/{id}/view/lots'>> => ask('POST /api/investigations/{id}/view/lots', { path: { id }, body, signal })
export const businessTable = (id: string, body: TableAsk, signal: AbortSignal): Promise<Answer<'POST /api/investigations/{id}/view/businesses'>> => ask('POST /api/investigations/{id}/view/businesses', { path: { id }, body, signal })
export const moveTable = (id: string, body: TableAsk, signal: AbortSignal): Promise<Answer<'POST /api/investigations/{id}/view/moves'>> => ask('POST /api/investigations/{id}/view/moves', { path: { id }, body, signal })
export const saveMarks = (id: string, marks: Marks): Promise<unknown> => ask('PUT /api/investigations/{id}/marks', { path: { id }, body: marks })
export const freeze = (id: string, note: string): Promise<OpenCase> => ask('POST /api/investigations/{id}/freeze', { path: { id }, body: { note } }).then(opened)
/** Walks on from more lots: to their sources and to everyone who got of them. */
export const addSeeds = (id: string, seeds: Seeds): Promise<unknown> => ask('POST /api/investigations/{id}/seeds', { path: { id }, body: seeds })
export const close = (id: string): Promise<unknown> => ask('POST /api/investigations/{id}/close', { path: { id } })
export const EXPORTS = [
  { what: 'xlsx', label: '整套表格（xlsx：主体、批次、流转）' },
  { what: 'holders', label: '每家一份处置单（PDF）' },
  { what: 'counties', label: '每个区县一份清单（PDF）' },
] as const
export type What = (typeof EXPORTS)[number]['what']
export const exportScope = (id: string, what: What, scope?: string): Promise<{ job: string }> => ask('POST /api/investigations/{id}/export', { path: { id }, query: { what, scope } })
