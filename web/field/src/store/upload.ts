/** A kept file to the server in pieces (tus 1.0.0), going on where it stopped, also after the page was killed. */
import { failure, Problem } from '@/api'
import * as blobs from './blobs'

const TUS = { 'tus-resumable': '1.0.0', 'x-shian': '1', accept: 'application/json' }

async function send(method: string, path: string, headers: Record<string, string>, body?: BodyInit): Promise<Response> {
  let r: Response
  try {
    r = await fetch(path, { method, headers: { ...TUS, ...headers }, credentials: 'same-origin', ...(body ? { body } : {}) })
  } catch {
    throw new Problem(0, 'offline', '没有网络，恢复后自动接着上传')
  }
  if (r.ok) return r
  throw await failure(r)
}
const word = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

/** The id of the finished upload. `key`: whoever begins again with the same key gets the same upload. */
export async function upload(hash: string, key: string, moved: (bytes: number) => void): Promise<string> {
  const file = await blobs.row(hash)
  if (!file) throw new Problem(0, 'file_gone', '本机上找不到这份文件，请重新拍摄', null)
  for (let begun = file.begun, id = file.upload; ; ) {
    try {
      if (!id) {
        id = await begin(hash, file.size, file.media, `${key}-${begun}`)
        await blobs.note(hash, { upload: id, begun })
      }
      await rest(hash, id, file.size, moved)
      return id
    } catch (e) {
      // expired, or given up: from the beginning, as a new one
      if (!(e instanceof Problem) || (e.status !== 404 && e.code !== 'upload_unknown')) throw e
      begun += 1
      id = undefined
      await blobs.note(hash, { upload: '', begun })
      if (begun > file.begun + 2) throw e
    }
  }
}
async function begin(hash: string, size: number, media: string, key: string): Promise<string> {
  const metadata = `filename ${word(hash)},filetype ${word(media || 'application/octet-stream')}`
  const r = await send('POST', '/api/uploads', { 'upload-length': String(size), 'upload-metadata': metadata, 'idempotency-key': key })
  return ((await r.json()) as { id: string }).id
}
async function rest(hash: string, id: string, size: number, moved: (bytes: number) => void): Promise<void> {
  const at = (await (await send('GET', `/api/uploads/${id}`, {})).json()) as { offset: number; done: boolean }
  let offset = at.offset
  while (offset < size) {
    moved(offset)
    const no = Math.floor(offset / blobs.PIECE)
    const piece = (await blobs.piece(hash, no)).slice(offset - no * blobs.PIECE)
    const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', piece))
    const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset), 'upload-checksum': `sha256 ${btoa(String.fromCharCode(...sum))}` }
    const r = await send('PATCH', `/api/uploads/${id}`, headers, piece)
    offset = Number(r.headers.get('upload-offset')) || offset + piece.byteLength
  }
  moved(size)
}
