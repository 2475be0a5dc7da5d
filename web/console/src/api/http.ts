/** One door to the server: cookie session, `x-shian` on writes, idempotency keys, typed problem+json. */

export interface Defect {
  /** Where: `主体!B12`, `items/3/amount`. */
  place: string
  code: string
  message: string
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
  /** Files go as multipart. */
  form?: FormData
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
  if (ask.form) init.body = ask.form
  else if (ask.body !== undefined) {
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
  const problem = await readProblem(response)
  if (response.status === 401 && path !== '/api/session') onSignedOut()
  throw problem
}

async function readProblem(response: Response): Promise<Problem> {
  const retry = Number(response.headers.get('retry-after')) || null
  const fallback = FALLBACK[response.status] ?? `服务器没有办成这件事（${response.status}），请稍后重试`
  if (!/json/.test(response.headers.get('content-type') ?? '')) return new Problem(response.status, 'http', fallback, null, [], retry)
  const p = (await response.json().catch(() => ({}))) as Partial<{ code: string; detail: string; title: string; message: string; field: string; defects: Defect[] }>
  return new Problem(response.status, p.code ?? 'http', p.detail ?? p.message ?? p.title ?? fallback, p.field ?? null, p.defects ?? [], retry)
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

export const get = async <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  json<T>(await send('GET', path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) }))
export const post = async <T>(path: string, body?: unknown, ask: Ask = {}): Promise<T> => json<T>(await send('POST', path, { ...ask, body }))
export const put = async <T>(path: string, body?: unknown): Promise<T> => json<T>(await send('PUT', path, { body }))
export const patch = async <T>(path: string, body?: unknown): Promise<T> => json<T>(await send('PATCH', path, { body }))
export const del = async <T>(path: string): Promise<T> => json<T>(await send('DELETE', path))

/** Uploads with progress (fetch has none for uploads). `seen` gets 0…1. */
export function upload<T>(path: string, form: FormData, seen: (part: number) => void, key: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const x = new XMLHttpRequest()
    x.open('POST', path)
    x.setRequestHeader('accept', 'application/json')
    x.setRequestHeader('x-shian', '1')
    x.setRequestHeader('idempotency-key', key)
    x.upload.onprogress = (e) => e.lengthComputable && seen(e.loaded / e.total)
    x.onerror = () => reject(new Problem(0, 'offline', '上传中断，请检查网络后重试'))
    x.onload = () => {
      const response = new Response(x.status === 204 ? null : x.responseText, { status: x.status, headers: { 'content-type': x.getResponseHeader('content-type') ?? '' } })
      if (!response.ok) readProblem(response).then(reject, reject)
      else json<T>(response).then(resolve, reject)
    }
    x.send(form)
  })
}

/** Follows an export: a file at once is saved, a job is handed back to be watched. */
export async function exportFile(path: string, query: Query, key = newKey()): Promise<{ job: string } | null> {
  const response = await send('POST', path, { query, key })
  if (/json/.test(response.headers.get('content-type') ?? '')) return json<{ job: string }>(response)
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1]
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = name ? decodeURIComponent(name) : '导出.xlsx'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  return null
}
