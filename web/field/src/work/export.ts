/** A record as one file, in the clear: for the day on which nothing else helps. Files are in it as base64. */
import * as blobs from '@/store/blobs'
import type { Item } from '@/store/queue'

export async function exportRecord(item: Item): Promise<void> {
  const parts: BlobPart[] = [`${JSON.stringify({ format: 'shian-field-record', version: 1, id: item.id, kind: item.kind, title: item.title, about: item.about, made_at: item.made_at, body: item.body }).slice(0, -1)},"files":[`]
  let first = true
  for (const hash of item.files) {
    const file = await blobs.load(hash)
    if (!file) continue
    parts.push(`${first ? '' : ','}{"sha256":"${hash}","media":"${file.type}","base64":"${await base64(file)}"}`)
    first = false
  }
  parts.push(']}')
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob(parts, { type: 'application/json' }))
  link.download = `${item.title.replace(/[\\/:*?"<>|\s]+/g, '-').slice(0, 60)}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
function base64(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '')
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'))
    reader.readAsDataURL(file)
  })
}
