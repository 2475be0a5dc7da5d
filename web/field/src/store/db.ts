/**
 * What this phone keeps: one IndexedDB, everything of a person's work sealed with that person's key (keys.ts).
 * In the clear stand only ids, hashes, sizes, times and states: what the queue needs to go on.
 */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb'

/** AES-GCM: the first use of an `iv` is the last. */
export interface Sealed {
  iv: Uint8Array
  data: ArrayBuffer
}
/** Who has worked on this phone. `open` is there from sign-in to sign-out. */
export interface PersonRow {
  user: string
  /** The data key, wrapped with the key that the server keeps for this person. */
  wrapped: Sealed
  open?: CryptoKey
  /** When the server last knew this person on this phone, ms UTC. */
  seen_at: number
  /** The session as it was then, sealed. */
  session?: Sealed
  /** Takes the session up again after it was idle: a key that no script can read out. Gone at sign-out. */
  phone?: { session: string; key: CryptoKey; no: number }
}
/** An answer of the server, kept for when there is no network. */
export interface KeptRow {
  user: string
  name: string
  at: number
  sealed: Sealed
}
export interface DraftRow {
  id: string
  user: string
  kind: string
  at: number
  sealed: Sealed
}
/** waiting 待上传 · sending 正在上传 · refused 没有被接受，要人看 · sent 已送达 */
export type RecordState = 'waiting' | 'sending' | 'refused' | 'sent'
export interface RecordRow {
  /** The client key: the server takes it once. */
  id: string
  user: string
  kind: string
  state: RecordState
  made_at: number
  sent_at?: number
  tries: number
  /** Not before, ms UTC. */
  next_at: number
  sealed: Sealed
}
export interface BlobRow {
  user: string
  /** SHA-256 of the content, hex. */
  hash: string
  media: string
  size: number
  pieces: number
  at: number
  /** Of the upload in pieces, once begun. */
  upload?: string
  /** How often an upload was begun. */
  begun: number
}
interface PieceRow {
  user: string
  hash: string
  no: number
  sealed: Sealed
}
interface House extends DBSchema {
  people: { key: string; value: PersonRow }
  kept: { key: [string, string]; value: KeptRow }
  drafts: { key: string; value: DraftRow; indexes: { user: string } }
  records: { key: string; value: RecordRow; indexes: { user: string } }
  blobs: { key: [string, string]; value: BlobRow }
  pieces: { key: [string, string, number]; value: PieceRow }
}
export type Store = StoreNames<House>

let opened: Promise<IDBPDatabase<House>> | null = null
export function db(): Promise<IDBPDatabase<House>> {
  opened ??= openDB<House>('shian-field', 1, {
    upgrade(d) {
      d.createObjectStore('people', { keyPath: 'user' })
      d.createObjectStore('kept', { keyPath: ['user', 'name'] })
      for (const name of ['drafts', 'records'] as const) d.createObjectStore(name, { keyPath: 'id' }).createIndex('user', 'user')
      d.createObjectStore('blobs', { keyPath: ['user', 'hash'] })
      d.createObjectStore('pieces', { keyPath: ['user', 'hash', 'no'] })
    },
    // a newer version of the app wants the database: this page lets go and opens it again when needed
    blocking: (_now, _then, event) => {
      ;(event.target as IDBDatabase).close()
      opened = null
    },
    terminated: () => (opened = null),
  }).catch((e: unknown) => {
    opened = null
    throw e
  })
  return opened
}
type Writing<S extends Store> = IDBPTransaction<House, S[], 'readwrite'>
/** One transaction over several stores, on the disk before it is answered; nothing but the database may be awaited inside. */
export async function write<S extends Store, T>(stores: S[], f: (tx: Writing<S>) => Promise<T> | T): Promise<T> {
  const tx = (await db()).transaction(stores, 'readwrite', { durability: 'strict' })
  try {
    const answer = await f(tx)
    await tx.done
    return answer
  } catch (e) {
    try {
      tx.abort()
    } catch {
      // it has ended by itself
    }
    await tx.done.catch(() => undefined)
    throw e
  }
}
/** All rows of a person: keys begin with the person. */
export const ofUser = (user: string): IDBKeyRange => IDBKeyRange.bound([user], [user, []])
