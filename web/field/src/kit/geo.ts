/** Where the phone is; asked once the person is at something that wants it. */
import { reactive } from 'vue'

export interface Fix {
  lon: number
  lat: number
  /** Metres. */
  accuracy: number
  at: number
}
export const place = reactive({ fix: null as Fix | null, fault: '' })
let watch: number | null = null

export function follow(): void {
  if (watch !== null || !navigator.geolocation) return
  watch = navigator.geolocation.watchPosition(
    (p) => {
      place.fix = { lon: p.coords.longitude, lat: p.coords.latitude, accuracy: Math.round(p.coords.accuracy), at: p.timestamp }
      place.fault = ''
    },
    (e) => (place.fault = e.code === e.PERMISSION_DENIED ? '没有定位权限，照片会标记为无位置。请在系统设置里允许定位' : '暂时定不了位，到室外或窗边再试'),
    { enableHighAccuracy: true, maximumAge: 15_000, timeout: 30_000 },
  )
}
/** Older than this a position says nothing about now. */
const STALE = 3 * 60_000
export const fixNow = (): Fix | null => (place.fix && Date.now() - place.fix.at < STALE ? place.fix : null)

export function metres(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const rad = Math.PI / 180
  const h = Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2
  return 12_742_000 * Math.asin(Math.sqrt(h))
}
export const far = (m: number): string => (m < 950 ? `${Math.round(m / 10) * 10} 米` : `${(m / 1000).toFixed(m < 9_950 ? 1 : 0)} 公里`)
