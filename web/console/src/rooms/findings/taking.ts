/** Taking evidence: the file as it came, the device's time, where it is and how exactly, and whether it was just taken. */
import { upload, type Evidence } from '@/api'

export interface Place {
  lon: number
  lat: number
  /** Metres. */
  accuracy: number
}
/** Where the device is; `null` where it does not know or may not say. Never holds up a photo for long. */
export function whereAmI(patience = 8_000): Promise<Place | null> {
  if (!navigator.geolocation || !isSecureContext) return Promise.resolve(null)
  return new Promise((resolve) => {
    const give = setTimeout(() => resolve(null), patience + 500)
    const done = (place: Place | null): void => {
      clearTimeout(give)
      resolve(place)
    }
    navigator.geolocation.getCurrentPosition(
      (p) => done({ lon: p.coords.longitude, lat: p.coords.latitude, accuracy: Math.round(p.coords.accuracy) }),
      () => done(null),
      { enableHighAccuracy: true, timeout: patience, maximumAge: 20_000 },
    )
  })
}

export interface Shot {
  file: File
  stage: string
  /** When the button was pressed: a photo that is younger was taken now, and not chosen from an album. */
  pressed: number | null
  place: Place | null
}
/** Device clocks round to seconds. */
const ROUNDING = 2_000
export function send(finding: string, shot: Shot, seen: (share: number) => void): Promise<Evidence> {
  const now = shot.pressed != null && shot.file.lastModified >= shot.pressed - ROUNDING
  const query = { stage: shot.stage, taken_at: shot.file.lastModified || Date.now(), in_app: now ? 1 : 0, ...(shot.place ?? {}) }
  return upload<Evidence>(`/api/findings/${finding}/evidence`, query, shot.file, (s) => seen(s.size ? s.sent / s.size : 0))
}
