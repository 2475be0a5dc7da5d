/** Businesses as the field needs them: found by code, by name; the dossier with open findings. */
import { ask, Problem, type Dossier } from '@/api'
import { fresh, get, put, type Kept } from '@/store/kept'
import type { Finding, Party } from '@console/api/schema'

export const party = (id: string): Promise<Kept<Dossier>> => fresh(`party/${id}`, () => ask('GET /api/parties/{id}', { path: { id } }))
export const findingsOf = (id: string): Promise<Kept<Finding[]>> => fresh(`findings/${id}`, async () => (await ask('GET /api/findings', { query: { party: id, size: 50 } })).items)

/** The code in what was scanned: the address on a poster, or the code itself. */
export function codeIn(text: string): string {
  const t = text.trim()
  const path = /^https?:\/\/[^/]+(\/[^?#]*)/.exec(t)?.[1]
  return (path ? (path.split('/').filter(Boolean).pop() ?? '') : t).toUpperCase()
}
/** Of the record and its findings: 16 letters and digits. */
export const isAnswer = (text: string): boolean => /\/field\/answer\/[0-9A-Z]{16}/i.test(text)

export async function byCode(code: string): Promise<string> {
  const name = `code/${code}`
  try {
    const found = await ask('GET /api/parties/code/{code}', { path: { code } })
    await put(name, found.id)
    return found.id
  } catch (e) {
    const had = e instanceof Problem && e.status === 0 ? await get<string>(name) : null
    if (!had) throw e
    return had.value
  }
}
export const search = async (q: string): Promise<Party[]> => (await ask('GET /api/parties', { query: { q, size: 20 } })).items as Party[]
/** What another phone of this app shows: a sample to be sealed, one to be taken over. */
export const fieldPath = (text: string): string => /\/field(\/(?:samples\/[0-9a-f-]{36}\/seal\?|hand\/)[^\s]*)/i.exec(text)?.[1] ?? ''
