/** One door to the server: cookie session, `x-shian` on writes, idempotency keys, typed problem+json. */
import type { Defect, ApiContract, Problem as Refusal } from './schema'

export type { Defect }
export interface Page<T> {
  items: T[]
  total: number
  page: number
  size: number
}

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null = null,
    readonly defects: Defect[] = [],
    readonly retryAfter: number | null = null,
  ) {
    super(message)
    this.name = 'Problem'
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>

export interface Ask {
  query?: Query
  body?: unknown
  /** Idempotency key of a POST; one is made when absent. Pass your own where the user may press twice. */
  key?: string
  signal?: AbortSignal
}

let onSignedOut: () => void = () => {}
/** What to do when the server no longer knows us. */
export function whenSignedOut(f: () => void): void {
  onSignedOut = f
}

export function url(path: string, query?: Query): string {
  const pairs = Object.entries(query ?? {}).filter(([, v]) => v !== undefined && v !== null && v !== '')
  if (!pairs.length) return path
  const q = new URLSearchParams(pairs.map(([k, v]) => [k, String(v)]))
  return `${path}${path.includes('?') ? '&' : '?'}${q}`
}

export function newKey(): string {
  return crypto.randomUUID()
}

async function send(method: string, path: string, ask: Ask = {}): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' }
  const init: RequestInit = { method, headers, credentials: 'same-origin' }
  if (ask.signal) init.signal = ask.signal
  if (method !== 'GET') headers['x-shian'] = '1'
  if (method === 'POST') headers['idempotency-key'] = ask.key ?? newKey()
  if (ask.body !== undefined) {
    headers['content-type'] = 'application/json'
    init.body = JSON.stringify(ask.body)
  }
  let response: Response
  try {
    response = await fetch(url(path, ask.query), init)
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw new Problem(0, 'offline', '连不上服务器，请检查网络后重试')
  }
  if (response.ok) return response
  const problem = await failure(response)
  if (response.status === 401 && path !== '/api/session') onSignedOut()
  throw problem
}

/** What an answer that is no success says. */
export async function failure(response: Response): Promise<Problem> {
  const retry = Number(response.headers.get('retry-after')) || null
  const fallback = FALLBACK[response.status] ?? `服务器没有办成这件事（${response.status}），请稍后重试`
  if (!/json/.test(response.headers.get('content-type') ?? '')) return new Problem(response.status, 'http', fallback, null, [], retry)
  const p = (await response.json().catch(() => ({}))) as Partial<Refusal>
  return new Problem(response.status, p.code ?? 'http', p.title ?? fallback, p.field ?? null, p.defects ?? [], retry)
}

const FALLBACK: Record<number, string> = {
  401: '登录已过期，请重新登录',
  403: '您没有办理这件事的权限',
  404: '没有找到，可能已删除，或不在您的辖区内',
  409: '此刻不能这样办，请刷新后再看',
  413: '内容太大，超过了上限',
  429: '操作太频繁，请稍候再试',
  502: '服务器正在启动，请稍候再试',
  503: '服务器暂时忙不过来，请稍候再试',
}

async function json<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T
  const text = await response.text()
  return (text ? JSON.parse(text) : undefined) as T
}

/** An operation of the contract: `GET /api/lots`. */
export type Op = keyof ApiContract
export type Answer<K extends Op> = ApiContract[K]['answer']
type Part<K extends Op, P extends 'path' | 'query' | 'body'> = ApiContract[K][P] extends undefined ? { [X in P]?: undefined } : { [X in P]: ApiContract[K][P] }
/** A query may be left out where nothing in it is required. */
type QueryPart<K extends Op> = ApiContract[K]['query'] extends undefined ? { query?: undefined } : Record<string, never> extends ApiContract[K]['query'] ? { query?: Loose<ApiContract[K]['query']> } : { query: Loose<ApiContract[K]['query']> }
type Loose<T> = { [X in keyof T]: T[X] | undefined }
export type Args<K extends Op> = Part<K, 'path'> & QueryPart<K> & Part<K, 'body'> & { key?: string; signal?: AbortSignal }
type MayOmit<K extends Op> = Record<string, never> extends Args<K> ? [args?: Args<K>] : [args: Args<K>]

/** `/api/lots/{no}` with its parameters filled in. */
export function fill(path: string, values: Record<string, string | number> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name] ?? '')))
}

/** Asks the server, as the contract says: path, query, body and answer are those of openapi.json. */
export async function ask<K extends Op>(op: K, ...rest: MayOmit<K>): Promise<Answer<K>> {
  const args = (rest[0] ?? {}) as { path?: Record<string, string | number>; query?: Query; body?: unknown; key?: string; signal?: AbortSignal }
  const [method, path] = op.split(' ') as [string, string]
  return json<Answer<K>>(await send(method, fill(path, args.path), args))
}

/** A list: any `GET` of the contract that answers pages. */
export type ListPath = { [K in Op]: K extends `GET ${infer P}` ? (Answer<K> extends { items: unknown[]; total: number } ? P : never) : never }[Op]
export const list = async <T>(path: ListPath, query: Query, signal?: AbortSignal): Promise<Page<T>> => json<Page<T>>(await send('GET', path, { query, ...(signal ? { signal } : {}) }))

/** Saves the file that a request answers (labels, a poster) under the name the server gives. */
export async function save(method: 'GET' | 'POST', path: string, args: Ask = {}): Promise<void> {
  const response = await send(method, path, args)
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1]
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = name ? decodeURIComponent(name) : '文件'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** Puts the export of a list into the queue. */
export async function exportList(path: string, format: 'xlsx' | 'csv', query: Query, key = newKey()): Promise<{ job: string }> {
  const given = Object.fromEntries(Object.entries(query).filter(([, v]) => v !== '' && v != null))
  return json<{ job: string }>(await send('POST', path, { body: { format, list: given }, key }))
}
