/** Photos, film, voice and signatures: kept by SHA-256, sealed in pieces of the size that is sent at once. */
import { db, ofUser, write, type BlobRow } from './db'
import { whose } from './keys'
import { seal, sha256, unseal } from './seal'

export const PIECE = 1024 * 1024
/** What a draft was never saved with is dropped after so long. */
const ORPHAN = 3_600_000

/** Keeps the content; answers its hash. The same content is kept once. */
export async function keep(blob: Blob, now = Date.now()): Promise<string> {
  const { user, key } = whose()
  const bytes = await blob.arrayBuffer()
  const hash = await sha256(bytes)
  if (await (await db()).get('blobs', [user, hash])) return hash
  const pieces = Math.max(1, Math.ceil(bytes.byteLength / PIECE))
  for (let no = 0; no < pieces; no += 1) {
    const sealed = await seal(key, bytes.slice(no * PIECE, (no + 1) * PIECE), place(user, hash, no))
    await write(['pieces'], (tx) => tx.objectStore('pieces').put({ user, hash, no, sealed }))
  }
  // the row comes last: where it stands, all pieces do
  const row: BlobRow = { user, hash, media: blob.type, size: bytes.byteLength, pieces, at: now, begun: 0 }
  await write(['blobs'], (tx) => tx.objectStore('blobs').put(row))
  return hash
}
const place = (user: string, hash: string, no: number): string => `piece/${user}/${hash}/${no}`

export async function row(hash: string): Promise<BlobRow | undefined> {
  return (await db()).get('blobs', [whose().user, hash])
}
export async function piece(hash: string, no: number): Promise<ArrayBuffer> {
  const { user, key } = whose()
  const found = await (await db()).get('pieces', [user, hash, no])
  if (!found) throw new Error(`piece ${no} of ${hash} is gone`)
  return unseal(key, found.sealed, place(user, hash, no))
}
/** The whole content; `null` where this phone does not have it. */
export async function load(hash: string): Promise<Blob | null> {
  const found = await row(hash)
  if (!found) return null
  const parts: ArrayBuffer[] = []
  for (let no = 0; no < found.pieces; no += 1) parts.push(await piece(hash, no))
  return new Blob(parts, { type: found.media })
}
export async function note(hash: string, change: Partial<Pick<BlobRow, 'upload' | 'begun'>>): Promise<void> {
  const { user } = whose()
  await write(['blobs'], async (tx) => {
    const store = tx.objectStore('blobs')
    const had = await store.get([user, hash])
    if (had) await store.put({ ...had, ...change })
  })
}
async function drop(user: string, hash: string): Promise<void> {
  await write(['blobs', 'pieces'], async (tx) => {
    await tx.objectStore('blobs').delete([user, hash])
    await tx.objectStore('pieces').delete(IDBKeyRange.bound([user, hash, 0], [user, hash, Infinity]))
  })
}
/** Drops what nothing on this phone names any more; the newest is left, a draft may be about to name it. */
export async function sweep(named: Set<string>, now = Date.now()): Promise<number> {
  const { user } = whose()
  const rows = await (await db()).getAll('blobs', ofUser(user))
  const gone = rows.filter((r) => !named.has(r.hash) && now - r.at > ORPHAN)
  for (const r of gone) await drop(user, r.hash)
  return gone.length
}
/** Bytes that this person's files take here. */
export async function weight(): Promise<number> {
  const rows = await (await db()).getAll('blobs', ofUser(whose().user))
  return rows.reduce((n, r) => n + r.size, 0)
}
