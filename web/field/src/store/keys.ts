/**
 * The lock is on the phone, the key with the server. Each person has a data key on a phone. It is kept wrapped with a key that
 * the server gives only to that person's session; opened it is a key that no script can read out, and that is forgotten at
 * sign-out, or when the server has not been seen for two days.
 */
import { ask, type Session } from '@/api'
import { db, write, type PersonRow } from './db'
import { sealJson, unsealJson } from './seal'

/** So long the phone works without the server. */
const APART = 48 * 3_600_000

/** Whose work is open. */
export interface Open {
  user: string
  key: CryptoKey
}
let open: Open | null = null
export function whose(): Open {
  if (!open) throw new Error('nobody is signed in')
  return open
}
export const isOpen = (): boolean => open !== null

const GCM = { name: 'AES-GCM', length: 256 }
const USES: KeyUsage[] = ['encrypt', 'decrypt']

/** Opens what this person has kept here; the server must know the person. */
export async function openFor(session: Session, now = Date.now()): Promise<void> {
  const user = session.user.id
  const had = await (await db()).get('people', user)
  if (had?.open) return stay(session, { ...had, open: had.open }, now)
  const given = await ask('POST /api/session/device-key')
  const bytes = Uint8Array.from(atob(given.key), (c) => c.charCodeAt(0))
  const outer = await crypto.subtle.importKey('raw', bytes, GCM, false, ['wrapKey', 'unwrapKey'])
  const row = had ? await unwrap(outer, had) : await make(outer, user)
  await stay(session, row, now)
}
type Opened = PersonRow & { open: CryptoKey }
async function unwrap(outer: CryptoKey, had: PersonRow): Promise<Opened> {
  const iv = had.wrapped.iv as Uint8Array<ArrayBuffer>
  const key = await crypto.subtle.unwrapKey('raw', had.wrapped.data, outer, { name: 'AES-GCM', iv }, GCM, false, USES)
  return { ...had, open: key }
}
async function make(outer: CryptoKey, user: string): Promise<Opened> {
  const fresh = await crypto.subtle.generateKey(GCM, true, USES)
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const data = await crypto.subtle.wrapKey('raw', fresh, outer, { name: 'AES-GCM', iv })
  return unwrap(outer, { user, wrapped: { iv, data }, seen_at: 0 })
}
async function stay(session: Session, row: Opened, now: number): Promise<void> {
  const sealed = await sealJson(row.open, session, `session/${row.user}`)
  await write(['people'], async (tx) => {
    const store = tx.objectStore('people')
    // one person's work is open at a time
    for (const other of await store.getAll()) if (other.user !== row.user && other.open) await store.put(shut(other))
    await store.put({ ...row, session: sealed, seen_at: now })
  })
  open = { user: row.user, key: row.open }
}
const shut = (row: PersonRow): PersonRow => ({ user: row.user, wrapped: row.wrapped, seen_at: row.seen_at })

/** Who was signed in when the server was last seen; `null` for nobody, or for too long ago. */
export async function resume(now = Date.now()): Promise<Session | null> {
  const row = (await (await db()).getAll('people')).find((p) => p.open)
  if (!row?.open || !row.session) return null
  if (now - row.seen_at > APART) {
    await forget()
    return null
  }
  open = { user: row.user, key: row.open }
  return unsealJson<Session>(row.open, row.session, `session/${row.user}`)
}
/** Signed out: the opened key is gone; what is kept can be read again only after signing in. */
export async function forget(): Promise<void> {
  open = null
  await write(['people'], async (tx) => {
    const store = tx.objectStore('people')
    for (const row of await store.getAll()) if (row.open) await store.put(shut(row))
  })
}
