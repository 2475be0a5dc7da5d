/** 复查: what waits for this officer's check, brought onto the phone with the photos of before. */
import { ask } from '@/api'
import * as blobs from '@/store/blobs'
import { fresh, get, put, type Kept } from '@/store/kept'
import type { CaseView, Evidence, Finding, Todo } from '@console/api/schema'

export interface Check {
  finding: Finding
  evidence: Evidence[]
  view: CaseView
}
/** Photos that are brought along for one finding. */
const PHOTOS = 12

export const todos = (): Promise<Kept<Todo[]>> => fresh('todos', async () => (await ask('GET /api/cases/todo', { query: { kind: 'finding', size: 100 } })).items.filter((t) => t.code === 'verify' && t.mine))

/** What a business has to mend. */
export const mendTodos = (): Promise<Kept<Todo[]>> => fresh('mends', async () => (await ask('GET /api/cases/todo', { query: { kind: 'finding', size: 100 } })).items.filter((t) => t.code === 'mend'))

export async function open(id: string): Promise<Kept<Check>> {
  const got = await fresh(`check/${id}`, () => load(id))
  if (!got.old) void bring(id, got.value.evidence)
  return got
}
async function load(id: string): Promise<Check> {
  const path = { id }
  const [finding, evidence, view] = await Promise.all([ask('GET /api/findings/{id}', { path }), ask('GET /api/findings/{id}/evidence', { path }), ask('GET /api/cases/{id}', { path })])
  return { finding, evidence, view }
}
/** For a day without a network: the words of all first, then the photos. What is there already is not asked for again. Whether all of it is there. */
export async function bringAll(list: Todo[]): Promise<boolean> {
  const here: Check[] = []
  for (const t of list) {
    const had = await get<Check>(`check/${t.case}`)
    if (had && had.value.view.status === t.status && Date.now() - had.at < 3_600_000) here.push(had.value)
    else {
      const loaded = await load(t.case).catch(() => null)
      if (!loaded) return false
      await put(`check/${t.case}`, loaded)
      here.push(loaded)
    }
  }
  for (const c of here) if (!(await bring(c.finding.id, c.evidence))) return false
  return true
}
async function bring(id: string, evidence: Evidence[]): Promise<boolean> {
  for (const e of evidence.filter((e) => e.media.startsWith('image/')).slice(-PHOTOS)) {
    if (await blobs.row(e.file)) continue
    const r = await fetch(`/api/findings/${id}/evidence/${e.id}/file`, { credentials: 'same-origin' }).catch(() => null)
    if (!r?.ok) return false
    await blobs.keep(new Blob([await r.arrayBuffer()], { type: e.media }))
  }
  return true
}
