/** What pickers look for, each by any two characters, pinyin or code. */
import { ask, type Lot, type Partner, type Party, type Product } from '@/api'

/** Businesses within one's own scope. */
export const findParties = (q: string): Promise<Party[]> => ask('GET /api/parties', { query: { q, size: 20 } }).then((p) => p.items)
/** Trading partners: found everywhere, for a supplier may be in another province. */
export const findPartners = (q: string): Promise<Partner[]> => (q.length < 2 ? Promise.resolve([]) : ask('GET /api/parties/lookup', { query: { q, size: 20 } }))
export const findProducts =
  (party?: string) =>
  (q: string): Promise<Product[]> =>
    ask('GET /api/products', { query: { q, party, size: 20 } }).then((p) => p.items)
export const findLots = (q: string): Promise<Lot[]> => ask('GET /api/lots', { query: { q, size: 20 } }).then((p) => p.items)
/** What a business has on the shelf, what ends first first. */
export const findStock =
  (holder?: string) =>
  (q: string): Promise<Lot[]> =>
    ask('GET /api/lots', { query: { q, holder, state: 'stock', on_hand: 1, sort: 'expires', size: 20 } }).then((p) => p.items)
