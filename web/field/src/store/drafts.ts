/** Drafts: what somebody is at, saved with each touch; one id stays from the first touch to the server's receipt. */
import { db, write, type DraftRow } from './db'
import { whose } from './keys'
import { sealJson, unsealJson } from './seal'

export interface Draft<T> {
  id: string
  kind: string
  at: number
  value: T
}
const place = (id: string): string => `draft/${id}`

/** A draft as it lies on the disk. */
export async function rowOf(kind: string, id: string, value: unknown, now: number): Promise<DraftRow> {
  const { user, key } = whose()
  return { id, user, kind, at: now, sealed: await sealJson(key, value, place(id)) }
}
export async function save<T>(kind: string, id: string, value: T, now = Date.now()): Promise<void> {
  const row = await rowOf(kind, id, value, now)
  await write(['drafts', 'records'], async (tx) => {
    // what is in the queue is no draft any more: a late save does not bring it back
    if (await tx.objectStore('records').get(id)) return
    await tx.objectStore('drafts').put(row)
  })
}
export async function load<T>(id: string): Promise<Draft<T> | null> {
  const { user, key } = whose()
  const row = await (await db()).get('drafts', id)
  if (!row || row.user !== user) return null
  return { id, kind: row.kind, at: row.at, value: await unsealJson<T>(key, row.sealed, place(id)) }
}
export async function list(): Promise<Draft<unknown>[]> {
  const { user, key } = whose()
  const rows = await (await db()).getAllFromIndex('drafts', 'user', user)
  const read = rows.map(async (r) => ({ id: r.id, kind: r.kind, at: r.at, value: await unsealJson<unknown>(key, r.sealed, place(r.id)) }))
  return (await Promise.all(read)).sort((a, b) => b.at - a.at)
}
export async function drop(id: string): Promise<void> {
  await write(['drafts'], (tx) => tx.objectStore('drafts').delete(id))
}

/** Saves one after the other, the newest last; what came while one was written is written once. */
export class Saver<T> {
  private next: T | null = null
  private running: Promise<void> | null = null
  constructor(
    private readonly kind: string,
    private readonly id: string,
    private readonly seen: (state: 'saving' | 'saved' | 'failed') => void,
  ) {}
  touch(value: T): void {
    // as it stands now: what is typed while this is written is another version
    this.next = JSON.parse(JSON.stringify(value)) as T
    this.running ??= this.run()
  }
  private async run(): Promise<void> {
    this.seen('saving')
    try {
      while (this.next !== null) {
        const value = this.next
        this.next = null
        await save(this.kind, this.id, value)
      }
      this.seen('saved')
    } catch (e) {
      console.error(e)
      this.seen('failed')
    } finally {
      this.running = null
    }
  }
  /** Everything touched so far is on the disk. */
  async settled(): Promise<void> {
    while (this.running) await this.running
  }
}
