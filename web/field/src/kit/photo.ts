/** Evidence as it is taken: the original stays as it came (with what the camera wrote into it); beside it a copy to look at, with time, place, person and matter. */
import { keep } from '@/store/blobs'
import { session } from '@/store/session'
import { day, clock } from './format'
import { fixNow } from './geo'

export interface Shot {
  /** SHA-256 of the original: the evidence. */
  hash: string
  /** SHA-256 of the copy with the stamp; empty for film and voice. */
  stamped: string
  media: string
  size: number
  taken_at: number
  lon?: number | undefined
  lat?: number | undefined
  accuracy?: number | undefined
  /** Taken in this app, not chosen from the album. */
  in_app: boolean
}
const LONGEST = 1600

/** Keeps something as it is, without a stamp: a signature. */
export async function keepAs(original: Blob, now = Date.now()): Promise<Shot> {
  const fix = fixNow()
  return { hash: await keep(original), stamped: '', media: original.type, size: original.size, taken_at: now, in_app: true, ...(fix ? { lon: fix.lon, lat: fix.lat, accuracy: fix.accuracy } : {}) }
}
/** Keeps original and stamped copy. `matter`: what it shows, for the stamp. */
export async function takeIn(original: Blob, matter: string, in_app: boolean, now = Date.now()): Promise<Shot> {
  const shot: Shot = { ...(await keepAs(original, now)), in_app }
  if (!original.type.startsWith('image/')) return shot
  const copy = await stamp(original, [matter, who(), when(now), where()])
  return copy ? { ...shot, stamped: await keep(copy) } : shot
}
const who = (): string => [session.me?.bureau?.name, session.me?.user.full_name].filter(Boolean).join(' ')
const when = (now: number): string => `${day(now)} ${clock(now)}:${String(new Date(now).getSeconds()).padStart(2, '0')}（设备时间）`
function where(): string {
  const fix = fixNow()
  return fix ? `${fix.lon.toFixed(5)}, ${fix.lat.toFixed(5)} ±${fix.accuracy} 米` : '未取得位置'
}

async function stamp(original: Blob, lines: string[]): Promise<Blob | null> {
  const picture = await decoded(original)
  if (!picture) return null
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  const c = canvas.getContext('2d')
  if (!c) return null
  c.drawImage(picture, 0, 0, canvas.width, canvas.height)
  if ('close' in picture) picture.close()
  const size = Math.max(14, Math.round(Math.max(canvas.width, canvas.height) / 52))
  const rows = lines.filter(Boolean)
  c.font = `${size}px sans-serif`
  const height = rows.length * size * 1.4 + size
  c.fillStyle = 'rgba(0, 0, 0, 0.55)'
  c.fillRect(0, canvas.height - height, canvas.width, height)
  c.fillStyle = '#ffffff'
  c.textBaseline = 'top'
  rows.forEach((line, i) => c.fillText(line, size * 0.7, canvas.height - height + size * 0.5 + i * size * 1.4, canvas.width - size * 1.4))
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.82))
}
async function decoded(original: Blob): Promise<ImageBitmap | HTMLImageElement | null> {
  if ('createImageBitmap' in window) {
    const bitmap = await createImageBitmap(original, { imageOrientation: 'from-image' }).catch(() => null)
    if (bitmap) return bitmap
  }
  const url = URL.createObjectURL(original)
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    return image
  } catch {
    // kept all the same: the server says that it cannot be looked into
    return null
  } finally {
    URL.revokeObjectURL(url)
  }
}
