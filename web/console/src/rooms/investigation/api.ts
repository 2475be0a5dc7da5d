/** The thin data layer of the workbench; everything that knows a path stands here. */
import { del, exportFile, get, post, put, upload, newKey, type Amount, type Page, type Unit } from '@/api'

export interface Mark {
  /** cases and positive samples above 0, controls and clean samples below */
  weight: number
  /** 交叉污染 */
  cross_contamination: boolean
  /** 杀灭 */
  kill_contamination: boolean
  /** 观察对象 */
  observed: boolean
}
export interface Group {
  id: string
  name: string
  stations: string[]
}
export interface Marks {
  stations: Record<string, Mark>
  deliveries: Record<string, Mark>
  groups: Group[]
  enforce_temporal_order: boolean
}
export interface Station {
  id: string
  /** The business behind it; null in an imported network. */
  party: string | null
  name: string
  kind: string
  division: string
  division_name: string
  lon: number | null
  lat: number | null
  on_hand: Amount
  sold: Amount
  unaccounted: Amount
  unit: Unit
  simulated: boolean
}
export interface Delivery {
  id: string
  from: string
  to: string
  product: string
  batch: string
  departure: string
  arrival: string
  amount: Amount
  unit: Unit
  lot: number | null
}
export interface Network {
  stations: Station[]
  deliveries: Delivery[]
  /** Delivery `from` went into delivery `into`. */
  relations: { from: string; into: string }[]
  /** The server shows the nearest part of a very large one. */
  truncated: boolean
}
export interface Score {
  score: number
  positive: number
  negative: number
  normalized: number
  forward: boolean
  backward: boolean
}
export interface Scores {
  stations: Record<string, Score>
  deliveries: Record<string, Score>
}
export interface Case {
  id: string
  no: string
  title: string
  state: string
  created_at: number
  created_by: string
  stations: number
  deliveries: number
  marks: Marks
  scope: { no: string; at: number; by: string } | null
  simulated: boolean
}
export interface Seeds {
  lots: number[]
  codes: string[]
  products: string[]
  parties: string[]
  from: string
  to: string
}

const base = '/api/investigations'
export const PATH = base
export const list = (query: Record<string, string | number>): Promise<Page<Case>> => get(base, query)
export const open = (id: string): Promise<Case> => get(`${base}/${id}`)
export const network = (id: string, signal?: AbortSignal): Promise<Network> => get(`${base}/${id}/network`, {}, signal)
export const create = (title: string, seeds: Seeds, key: string): Promise<Case> => post(base, { title, seeds }, { key })
export function importNetwork(file: File, title: string, seen: (part: number) => void): Promise<Case> {
  const form = new FormData()
  form.append('file', file, file.name)
  form.append('title', title)
  return upload(`${base}/import`, form, seen, newKey())
}
export const score = (id: string, marks: Marks, signal: AbortSignal): Promise<Scores> => post(`${base}/${id}/score`, marks, { signal })
export const saveMarks = (id: string, marks: Marks): Promise<void> => put(`${base}/${id}/marks`, marks)
export const freeze = (id: string, note: string): Promise<Case> => post(`${base}/${id}/freeze`, { note })
export const remove = (id: string): Promise<void> => del(`${base}/${id}`)
export const EXPORTS = [
  { what: 'xlsx', label: '整套表格（xlsx：主体、批次、流转）' },
  { what: 'holders', label: '每家一份处置单（PDF）' },
  { what: 'counties', label: '每个区县一份清单（PDF）' },
] as const
export const exportScope = (id: string, what: string): Promise<{ job: string } | null> => exportFile(`${base}/${id}/export`, { what })
