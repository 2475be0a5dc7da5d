/** What the search box of the top bar finds, grouped by kind, best first. */
import { ask } from '@/api'
import { findLots, findParties, findProducts } from '@/kit/form/finders'
import { lookOf, LOT_STATES } from '@/kit/words'

export interface Hit {
  kind: Kind
  id: string
  title: string
  note: string
  to: string
}
export type Kind = 'code' | 'party' | 'product' | 'lot' | 'investigation'
export const KINDS: [Kind, string][] = [['code', '编码'], ['party', '主体'], ['product', '产品'], ['lot', '批次'], ['investigation', '排查']]
/** Where all of a kind are listed. */
export const LISTS: Partial<Record<Kind, string>> = { party: '/parties', product: '/products', lot: '/lots', investigation: '/investigations' }
const EACH = 4

/** `can` says which kinds the person may see. Each kind is told as soon as it is found; a slow one holds up no other. */
export async function findAll(q: string, can: (need: string) => boolean, told: (hits: Hit[]) => void): Promise<void> {
  const some = async <T>(need: string, find: (q: string) => Promise<T[]>, hit: (row: T) => Hit): Promise<void> => {
    if (can(need)) told((await find(q).catch(() => [])).slice(0, EACH).map(hit))
  }
  await Promise.all([
    codeHit(q, can).then(told),
    some('parties.read', findParties, (p) => ({ kind: 'party', id: p.id, title: p.name, note: `${p.division_name} · ${p.kind_name}`, to: `/parties/${p.id}` })),
    some('trace.read', findProducts(), (p) => ({ kind: 'product', id: p.id, title: p.name, note: [p.spec, p.party_name].filter(Boolean).join(' · '), to: `/products/${p.id}` })),
    some('trace.read', findLots, (l) => ({ kind: 'lot', id: String(l.no), title: `${l.product_name} ${l.batch}`, note: `${l.holder_name} · ${lookOf(LOT_STATES, l.state).text}`, to: `/lots/${l.no}` })),
    some('investigation.read', (text) => ask('GET /api/investigations', { query: { q: text, size: EACH } }).then((p) => p.items), (c) => ({ kind: 'investigation', id: c.id, title: c.title, note: c.no, to: `/investigations/${c.id}` })),
  ])
}

/** A scanned address or a typed code leads to what it is. */
async function codeHit(q: string, can: (need: string) => boolean): Promise<Hit[]> {
  const bare = bareCode(q)
  if (!bare || !can('trace.read')) return []
  const found = await ask('GET /api/codes/{code}', { path: { code: bare } }).catch(() => null)
  return found?.path ? [{ kind: 'code', id: bare, title: bare, note: '直接打开', to: found.path.replace(/^\/console/, '') }] : []
}
export function bareCode(q: string): string | null {
  const last = q.split(/[/?#]/).filter(Boolean).pop() ?? ''
  return /^[0-9A-Za-z-]{8,40}$/.test(last) ? last : null
}
