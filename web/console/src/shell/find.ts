/** What the search box of the top bar finds, grouped by kind, best first: one question to the server, and the cases beside it. */
import { ask } from '@/api'

export interface Hit {
  kind: Kind
  id: string
  title: string
  note: string
  to: string
}
export type Kind = 'code' | 'business' | 'product' | 'lot' | 'investigation'
export const KINDS: [Kind, string][] = [['code', '编码'], ['business', '主体'], ['product', '产品'], ['lot', '批次'], ['investigation', '排查']]
const EACH = 4
const PAGE: Record<string, string> = { business: '/parties/', product: '/products/', lot: '/lots/' }

/** What was found of some kinds; `guessed`: nothing holds the words, these names are one or two typing errors away. */
export interface Told {
  hits: Hit[]
  guessed: boolean
}
/** `can` says which kinds the person may see. Each answer is told as it comes; a slow one holds up no other. */
export async function findAll(q: string, can: (need: string) => boolean, told: (found: Told) => void): Promise<void> {
  await Promise.all([
    ask('GET /api/find', { query: { q, size: EACH } }).then(({ groups, guessed }) =>
      told({ guessed, hits: groups.flatMap((g) => g.hits.map((h): Hit => ({ kind: g.kind as Kind, id: h.id, title: h.title, note: h.detail, to: `${PAGE[h.kind] ?? '/'}${h.id}` }))) }),
      () => told({ guessed: false, hits: [] })),
    can('investigation.read')
      ? ask('GET /api/investigations', { query: { q, size: EACH } }).then((p) => told({ guessed: false, hits: p.items.map((c): Hit => ({ kind: 'investigation', id: c.id, title: c.title, note: c.no, to: `/investigations/${c.id}` })) }), () => undefined)
      : undefined,
  ])
}
