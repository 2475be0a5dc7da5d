/**
 * The queue: finished records on their way to the server. A record has one client key from its first touch; the server takes a key
 * once, so sending again is never wrong. One page sends at a time. What the server does not accept waits for a person.
 */
import { reactive } from 'vue'
import { Problem } from '@/api'
import * as blobs from './blobs'
import { db, write, type RecordRow, type RecordState } from './db'
import * as drafts from './drafts'
import * as kept from './kept'
import { isOpen, whose } from './keys'
import { sealJson, unsealJson } from './seal'

/** What a record says; sealed on the disk. */
export interface Work {
  kind: string
  title: string
  about: string
  /** What the sender of this kind needs. */
  body: unknown
  /** Hashes of the files that go with it. */
  files: string[]
  /** What has been done already: a broken sending goes on from here. */
  done: Record<string, string>
  /** Why it was not accepted, or waits. */
  fault?: { code: string; message: string } | undefined
  /** What the server answered at the end. */
  receipt?: unknown
}
export interface Item extends Work {
  id: string
  state: RecordState
  made_at: number
  sent_at?: number | undefined
  tries: number
  next_at: number
}
/** What a sender may do besides asking the server. */
export interface Hands {
  id: string
  work: Work
  /** Remembers a step before the next is begun. */
  step(name: string, value: string): Promise<void>
  /** Bytes sent of the files, for the bar. */
  moved(bytes: number, of: number): void
}
export type Sender = (hands: Hands) => Promise<unknown>

const senders = new Map<string, Sender>()
/** Each kind of record has one who sends it. */
export const sends = (kind: string, sender: Sender): void => void senders.set(kind, sender)

let onSignedOut: () => void = () => {}
/** What to do when a record met a session that had ended. */
export function whenSignedOut(f: () => void): void {
  onSignedOut = f
}
/** What people see of the queue. */
let sendsOnly = (): boolean => false
/** Told by the session: it only sends. */
export function whenSendsOnly(f: () => boolean): void {
  sendsOnly = f
}
export const queue = reactive({
  items: [] as Item[],
  drafts: [] as drafts.Draft<unknown>[],
  sending: '',
  moved: 0,
  of: 0,
  signedOut: false,
})
/** Sent records are shown for a week. */
const SHOWN = 7 * 86_400_000
const place = (id: string): string => `record/${id}`

async function read(row: RecordRow): Promise<Item> {
  const work = await unsealJson<Work>(whose().key, row.sealed, place(row.id))
  const { id, state, made_at, sent_at, tries, next_at } = row
  return { ...work, id, state, made_at, sent_at, tries, next_at }
}
export async function refresh(): Promise<void> {
  if (!isOpen()) return
  const rows = await (await db()).getAllFromIndex('records', 'user', whose().user)
  queue.items = (await Promise.all(rows.map(read))).sort((a, b) => b.made_at - a.made_at)
  queue.drafts = await drafts.list()
}
/** From draft to queue, in one step: there is never both, and never neither. */
export async function enqueue(id: string, work: Pick<Work, 'kind' | 'title' | 'about' | 'body' | 'files'>, now = Date.now()): Promise<void> {
  const { user, key } = whose()
  const sealed = await sealJson(key, { ...work, done: {} } satisfies Work, place(id))
  const row: RecordRow = { id, user, kind: work.kind, state: 'waiting', made_at: now, tries: 0, next_at: 0, sealed }
  await write(['records', 'drafts'], async (tx) => {
    if (!(await tx.objectStore('records').get(id))) await tx.objectStore('records').add(row)
    await tx.objectStore('drafts').delete(id)
  })
  await refresh()
  void flush()
}
async function change(id: string, row: Partial<RecordRow>, work?: Work): Promise<void> {
  const sealed = work ? { sealed: await sealJson(whose().key, work, place(id)) } : {}
  await write(['records'], async (tx) => {
    const store = tx.objectStore('records')
    const had = await store.get(id)
    if (had) await store.put({ ...had, ...row, ...sealed })
  })
}
export async function retry(id: string): Promise<void> {
  await change(id, { state: 'waiting', next_at: 0 })
  await refresh()
  await flush()
}
/** Part of a record becomes a draft again, in one step; `rest` is what stays of it and goes on, nothing where all of it goes back. */
export async function takeBack(id: string, rest: Work | null, draft: { id: string; kind: string; value: unknown }, now = Date.now()): Promise<void> {
  const { user, key } = whose()
  const sealed = rest && (await sealJson(key, rest, place(id)))
  const row = await drafts.rowOf(draft.kind, draft.id, draft.value, now)
  await write(['records', 'drafts'], async (tx) => {
    const store = tx.objectStore('records')
    const had = await store.get(id)
    if (!had || had.user !== user) throw new Error(`record ${id} is gone`)
    if (sealed) await store.put({ ...had, state: 'waiting', next_at: 0, sealed })
    else await store.delete(id)
    await tx.objectStore('drafts').put(row)
  })
  await refresh()
  void flush()
}
/** For good; the page asks first. */
export async function remove(id: string): Promise<void> {
  await write(['records', 'drafts'], async (tx) => {
    await tx.objectStore('records').delete(id)
    await tx.objectStore('drafts').delete(id)
  })
  await refresh()
}
/** What a session that only sends may not send waits for a sign-in. */
const SIGN_IN = 'sign_in_first'
const LATER = 3_600_000
/** Not again before, after so many tries without an answer. */
const pause = (tries: number): number => Math.min(5 * 60_000, 2_000 * 2 ** Math.min(tries, 8))
const passes = (e: unknown): boolean => e instanceof Problem && (e.status === 0 || e.status === 425 || e.status === 429 || e.status === 460 || e.status >= 500)

async function sendOne(item: Item): Promise<'on' | 'stop'> {
  const work: Work = { kind: item.kind, title: item.title, about: item.about, body: item.body, files: item.files, done: item.done }
  const sender = senders.get(item.kind)
  if (!sender) throw new Error(`nobody sends ${item.kind}`)
  const tries = item.tries + 1
  await change(item.id, { state: 'sending', tries })
  Object.assign(queue, { sending: item.id, moved: 0, of: 0 })
  const step = async (name: string, value: string): Promise<void> => {
    work.done[name] = value
    await change(item.id, {}, work)
  }
  try {
    const receipt = await sender({ id: item.id, work, step, moved: (bytes, of) => Object.assign(queue, { moved: bytes, of }) })
    await change(item.id, { state: 'sent', sent_at: Date.now() }, { ...work, receipt, fault: undefined })
    return 'on'
  } catch (e) {
    const fault = e instanceof Problem ? { code: e.code, message: e.message } : { code: 'broken', message: e instanceof Error ? e.message : String(e) }
    if (e instanceof Problem && e.status === 401) {
      queue.signedOut = true
      await change(item.id, { state: 'waiting', next_at: 0 }, { ...work, fault: { code: e.code, message: '登录已过期，重新登录后自动接着上传' } })
      // not within the run: it goes on with the next
      setTimeout(onSignedOut, 0)
      return 'stop'
    }
    if (passes(e)) {
      const wait = e instanceof Problem && e.retryAfter ? e.retryAfter * 1000 : pause(tries)
      await change(item.id, { state: 'waiting', next_at: Date.now() + wait }, { ...work, fault })
      return e instanceof Problem && e.status === 0 ? 'stop' : 'on'
    }
    if (e instanceof Problem && (e.status === 403 || e.status === 404) && sendsOnly()) {
      await change(item.id, { state: 'waiting', next_at: Date.now() + LATER }, { ...work, fault: { code: SIGN_IN, message: '这一类记录要重新登录后上传' } })
      return 'on'
    }
    console.warn(item.kind, e)
    await change(item.id, { state: 'refused' }, { ...work, fault })
    return 'on'
  } finally {
    Object.assign(queue, { sending: '', moved: 0, of: 0 })
  }
}
async function run(): Promise<void> {
  const user = whose().user
  const tried = new Set<string>()
  for (;;) {
    await refresh()
    if (!isOpen() || whose().user !== user) return
    const now = Date.now()
    // who holds the lock alone sends: a record that still says so was cut off
    const next = queue.items.filter((i) => !tried.has(i.id) && (i.state === 'sending' || (i.state === 'waiting' && i.next_at <= now))).pop()
    if (!next) return
    tried.add(next.id)
    if ((await sendOne(next)) === 'stop') return refresh()
  }
}
let running: Promise<void> | null = null
let again = false
/** Sends what waits; a second call while one is under way has it look once more. */
export async function flush(): Promise<void> {
  if (!isOpen()) return
  if (running) {
    again = true
    return running
  }
  const alone = navigator.locks ? () => navigator.locks.request(`queue/${whose().user}`, { ifAvailable: true }, (held) => (held ? run() : undefined)) : run
  running = Promise.resolve(alone()).then(
    () => undefined,
    (e: unknown) => console.error(e),
  )
  await running
  running = null
  if (again) {
    again = false
    await flush()
  } else {
    arm()
  }
}
let timer = 0
/** Looks again when the first of what waits may be tried. */
function arm(): void {
  clearTimeout(timer)
  const times = queue.items.filter((i) => i.state === 'waiting' || i.state === 'sending').map((i) => i.next_at)
  if (times.length && !queue.signedOut) timer = window.setTimeout(() => void flush(), Math.max(1_000, Math.min(...times) - Date.now()))
}
/** From now on the network may be there: what waits is tried at once. */
async function hurry(): Promise<void> {
  if (!isOpen()) return
  queue.signedOut = false
  for (const item of queue.items) if (item.state === 'waiting' && item.next_at > 0) await change(item.id, { next_at: 0 })
  await flush()
}
/** On start, when the network comes back, when the page is looked at again. */
export function attend(): void {
  addEventListener('online', () => void hurry())
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void flush())
}
/** At the start of a session: tidies, then sends. */
export async function begin(): Promise<void> {
  queue.signedOut = false
  await refresh()
  const old = queue.items.filter((i) => i.state === 'sent' && Date.now() - (i.sent_at ?? i.made_at) > SHOWN)
  for (const item of old) await remove(item.id)
  const named = new Set(queue.items.filter((i) => i.state !== 'sent').flatMap((i) => i.files))
  for (const draft of queue.drafts) for (const hash of filesOf(draft.value)) named.add(hash)
  if (!sendsOnly()) for (const item of queue.items) if (item.state === 'waiting' && item.fault?.code === SIGN_IN) await change(item.id, { next_at: 0 })
  // photos that were brought along for a check
  for (const hash of await kept.hashes('check/')) named.add(hash)
  await blobs.sweep(named)
  void flush()
}
/** All that looks like a hash in a draft. */
function filesOf(value: unknown): string[] {
  return [...(JSON.stringify(value).match(/"[0-9a-f]{64}"/g) ?? [])].map((q) => q.slice(1, -1))
}
export function close(): void {
  clearTimeout(timer)
  Object.assign(queue, { items: [], drafts: [], sending: '', signedOut: false })
}
