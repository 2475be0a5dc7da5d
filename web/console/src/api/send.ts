/**
 * Files to the server. A small one goes in one request; a large one in pieces (tus 1.0.0) that go on where they stopped: after
 * a lost connection by itself, after a closed page when the same file is chosen again. Written out here because it is four
 * requests; the libraries for it bring along more than the whole console's own code weighs.
 */
import { ask, failure, newKey, Problem, url, type Query } from './http'
import type { Upload } from './schema'

/** Above this a file is sent in pieces of this size. */
const PIECE = 4 * 1024 * 1024
const TUS = { 'tus-resumable': '1.0.0' }

export interface Sending {
  /** Bytes that the server has, of how many. */
  sent: number
  size: number
  /** The connection is lost; it goes on by itself. */
  waiting: boolean
}
type Seen = (s: Sending) => void
export interface Sent {
  /** Idempotency key. */
  key?: string
  signal?: AbortSignal
}

interface Request {
  headers: Record<string, string>
  body: Blob | null
  seen?: (bytes: number) => void
  signal?: AbortSignal | undefined
}
/** One request with progress, which fetch has none of for uploads. */
function put(method: string, address: string, q: Request): Promise<Response> {
  return new Promise((resolve, reject) => {
    const x = new XMLHttpRequest()
    x.open(method, address)
    for (const [k, v] of Object.entries({ accept: 'application/json', 'x-shian': '1', ...q.headers })) x.setRequestHeader(k, v)
    x.upload.onprogress = (e) => q.seen?.(e.loaded)
    x.onerror = () => reject(new Problem(0, 'offline', '上传中断，请检查网络后重试'))
    x.onabort = () => reject(new DOMException('', 'AbortError'))
    x.onload = () => {
      const response = new Response(x.status === 204 ? null : x.responseText, { status: x.status, headers: { 'content-type': x.getResponseHeader('content-type') ?? '', 'retry-after': x.getResponseHeader('retry-after') ?? '' } })
      if (response.ok) resolve(response)
      else failure(response).then(reject, reject)
    }
    q.signal?.addEventListener('abort', () => x.abort())
    x.send(q.body)
  })
}
async function read<T>(response: Response): Promise<T> {
  const text = await response.text()
  return (text ? JSON.parse(text) : undefined) as T
}

/** Sends a file as it is, its name in a header. */
export async function upload<T>(path: string, query: Query, file: File, seen: Seen, { key = newKey(), signal }: Sent = {}): Promise<T> {
  const headers = { 'idempotency-key': key, 'x-file-name': encodeURIComponent(file.name), 'content-type': file.type || 'application/octet-stream' }
  return read<T>(await put('POST', url(path, query), { headers, body: file, signal, seen: (sent) => seen({ sent: Math.min(sent, file.size), size: file.size, waiting: false }) }))
}
/** The same for routes that take an upload by its id: a large file goes in pieces first. */
export async function sendFile<T>(path: string, query: Query, file: File, seen: Seen, how: Sent = {}): Promise<T> {
  if (file.size <= PIECE) return upload<T>(path, query, file, seen, how)
  const id = await inPieces(file, seen, how.signal)
  const headers = { 'idempotency-key': how.key ?? newKey(), 'x-file-name': encodeURIComponent(file.name) }
  const answer = await read<T>(await put('POST', url(path, { ...query, upload: id }), { headers, body: null, signal: how.signal }))
  forget(id)
  return answer
}

/** Uploads that were begun and are not complete, newest first. */
export const unfinished = (): Promise<Upload[]> => ask('GET /api/uploads').then((u) => u.items.filter((x) => !x.done))
export async function abandon(id: string): Promise<void> {
  forget(id)
  await ask('DELETE /api/uploads/{id}', { path: { id } })
}
/** This device remembers of which file an upload is: a file that was changed since then is another one. */
const note = (id: string): string => `upload.${id}`
const forget = (id: string): void => localStorage.removeItem(note(id))
const same = (u: Upload, file: File): boolean => u.name === file.name && u.size === file.size && localStorage.getItem(note(u.id)) === String(file.lastModified)

async function inPieces(file: File, seen: Seen, signal?: AbortSignal): Promise<string> {
  const had = (await ask('GET /api/uploads', signal ? { signal } : {})).items.find((u) => same(u, file))
  let at = had ?? (await begin(file, signal))
  let lost = 0
  while (!at.done) {
    const { id, offset } = at
    try {
      await piece(id, file, offset, (sent) => seen({ sent, size: file.size, waiting: false }), signal)
      lost = 0
      at = { ...at, offset: Math.min(file.size, offset + PIECE), done: offset + PIECE >= file.size }
    } catch (e) {
      if (!(e instanceof Problem) || !passing(e)) throw e
      seen({ sent: offset, size: file.size, waiting: true })
      await pause(e.retryAfter ? e.retryAfter * 1000 : Math.min(15_000, 1_000 * 2 ** lost++), signal)
      at = await where(id, at, signal)
    }
  }
  return at.id
}
function begin(file: File, signal?: AbortSignal): Promise<Upload> {
  const word = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
  const metadata = [`filename ${word(file.name)}`, ...(file.type ? [`filetype ${word(file.type)}`] : [])].join(',')
  return put('POST', '/api/uploads', { headers: { ...TUS, 'upload-length': String(file.size), 'upload-metadata': metadata }, body: null, signal }).then(async (r) => {
    const made = await read<Upload>(r)
    localStorage.setItem(note(made.id), String(file.lastModified))
    return made
  })
}
async function piece(id: string, file: File, offset: number, seen: (sent: number) => void, signal?: AbortSignal): Promise<void> {
  const body = file.slice(offset, offset + PIECE)
  const sum = await checksum(body)
  const headers = { ...TUS, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset), ...(sum ? { 'upload-checksum': `sha256 ${sum}` } : {}) }
  await put('PATCH', `/api/uploads/${id}`, { headers, body, signal, seen: (bytes) => seen(Math.min(file.size, offset + bytes)) })
}
/** Outside of a secure context there is no digest; the piece goes without. */
async function checksum(body: Blob): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null
  const sum = await crypto.subtle.digest('SHA-256', await body.arrayBuffer())
  return btoa(String.fromCharCode(...new Uint8Array(sum)))
}
/** What passes: no connection, a busy server, a piece that came broken or at another place. */
const passing = (e: Problem): boolean => e.status === 0 || e.status === 429 || e.status === 460 || e.status >= 500 || e.code === 'upload_offset'
/** Where the server is; asked again until it answers. */
async function where(id: string, before: Upload, signal?: AbortSignal): Promise<Upload> {
  try {
    return await ask('GET /api/uploads/{id}', { path: { id }, ...(signal ? { signal } : {}) })
  } catch (e) {
    if (!(e instanceof Problem) || !passing(e)) throw e
    return before
  }
}
/** Waits, or until the network is back. */
function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = (): void => {
      clearTimeout(timer)
      removeEventListener('online', go)
      if (signal?.aborted) reject(new DOMException('', 'AbortError'))
      else resolve()
    }
    const timer = setTimeout(go, ms)
    addEventListener('online', go)
    signal?.addEventListener('abort', go)
  })
}
