/** Answers of the server, kept sealed, for when there is no network. */
import { Problem } from '@/api'
import { db, ofUser, write } from './db'
import { whose } from './keys'
import { sealJson, unsealJson } from './seal'

export interface Kept<T> {
  value: T
  /** When the server said so, ms UTC. */
  at: number
  /** It comes out of the phone. */
  old: boolean
}
/** Rows that nobody has asked for are dropped after so long. */
const KEEP = 14 * 86_400_000

export async function put(name: string, value: unknown, at = Date.now()): Promise<void> {
  const { user, key } = whose()
  const sealed = await sealJson(key, value, `kept/${user}/${name}`)
  await write(['kept'], (tx) => tx.objectStore('kept').put({ user, name, at, sealed }))
}
export async function get<T>(name: string): Promise<Kept<T> | null> {
  const { user, key } = whose()
  const row = await (await db()).get('kept', [user, name])
  return row ? { value: await unsealJson<T>(key, row.sealed, `kept/${user}/${name}`), at: row.at, old: true } : null
}
/** From the server, else what it said last; without either the fault of the network. */
export async function fresh<T>(name: string, load: () => Promise<T>): Promise<Kept<T>> {
  try {
    const value = await load()
    const at = Date.now()
    await put(name, value, at)
    return { value, at, old: false }
  } catch (e) {
    const away = e instanceof Problem && (e.status === 0 || e.status === 401 || e.status >= 500 || e.code === 'permission_missing')
    const had = away ? await get<T>(name) : null
    if (!had) throw e
    return had
  }
}
/** Hashes of files that what is kept under a prefix names: those stay on the phone. */
export async function hashes(prefix: string): Promise<string[]> {
  const { user, key } = whose()
  const rows = await (await db()).getAll('kept', ofUser(user))
  const texts = await Promise.all(rows.filter((r) => r.name.startsWith(prefix)).map((r) => unsealJson<unknown>(key, r.sealed, `kept/${user}/${r.name}`)))
  return texts.flatMap((t) => (JSON.stringify(t).match(/"[0-9a-f]{64}"/g) ?? []).map((q) => q.slice(1, -1)))
}
export async function sweep(now = Date.now()): Promise<void> {
  const { user } = whose()
  await write(['kept'], async (tx) => {
    const store = tx.objectStore('kept')
    for (const row of await store.getAll(ofUser(user))) if (now - row.at > KEEP) await store.delete([row.user, row.name])
  })
}
