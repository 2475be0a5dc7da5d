/** What a business sees behind the code on a record. */
import { ask, Problem } from '@/api'
import { fresh, type Kept } from '@/store/kept'
import type { CaseView, Finding } from '@console/api/schema'
import type { VisitRow } from './visits'

export interface Found {
  id: string
  number: string
  item: string
  what: string
  severity: string
  status: string
  due_at?: number | null
  closed_at?: number | null
}
export interface Behind {
  /** The code was that of a visit; else of one finding alone. */
  visit: { id: string; number: string; name: string; kind: string; recorded_at: number | null; conclusion: string; opinion: string } | null
  findings: Found[]
  /** What may be done with the visit now. */
  actions: string[]
}
interface View {
  visit: VisitRow
  findings: Found[]
  record?: { record: { opinion: string } } | null
}
const get = ask as unknown as <T>(op: string, args: { path: Record<string, string> }) => Promise<T>

async function load(code: string): Promise<Behind> {
  try {
    const v = await get<View>('GET /api/visits/code/{code}', { path: { code } })
    const view = await get<CaseView>('GET /api/cases/{id}', { path: { id: v.visit.id } })
    const { id, record_no, name, kind_name, recorded_at, conclusion } = v.visit
    return { visit: { id, number: record_no, name, kind: kind_name, recorded_at: recorded_at ?? null, conclusion, opinion: v.record?.record.opinion ?? '' }, findings: v.findings, actions: view.actions.map((a) => a.code) }
  } catch (e) {
    if (!(e instanceof Problem) || e.status !== 404) throw e
    const f = await get<Finding>('GET /api/findings/code/{code}', { path: { code } })
    return { visit: null, findings: [{ ...f, item: '' }], actions: [] }
  }
}
export const behind = (code: string): Promise<Kept<Behind>> => fresh(`answer/${code}`, () => load(code))
export const finding = (id: string): Promise<Kept<Finding>> => fresh(`finding/${id}`, () => ask('GET /api/findings/{id}', { path: { id } }))
export const measure = (id: string): Promise<Kept<CaseView>> => fresh(`case/${id}`, () => ask('GET /api/cases/{id}', { path: { id } }))
export async function say(visit: string, action: 'reply' | 'appeal', text: string, key: string): Promise<void> {
  await ask('POST /api/cases/{id}/acts', { path: { id: visit }, body: { action, form: action === 'reply' ? { reply: text } : { grounds: text }, client_key: key }, key })
}
