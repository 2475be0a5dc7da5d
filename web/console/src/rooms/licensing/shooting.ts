/** A photo of a remote survey on its way: the file as it came, the device's time, where it is, and whether it was just taken. */
import { upload, type Answer } from '@/api'
import { whereAmI } from '../findings/taking'

export type PermitData = Answer<'GET /api/permits/{id}'>
export type PermitFile = PermitData['files'][number]
/** Device clocks round to seconds. */
const ROUNDING = 2_000

export async function shoot(of: { party: string; matter: string }, shot: string, file: File, pressed: number, seen: (share: number) => void = () => {}): Promise<PermitFile> {
  const here = await whereAmI(4_000)
  const now = !!pressed && file.lastModified >= pressed - ROUNDING
  const query = { ...of, shot, taken_at: file.lastModified || Date.now(), in_app: now ? 1 : 0, ...(here ? { lon: here.lon, lat: here.lat, accuracy: here.accuracy } : {}) }
  return upload<PermitFile>('/api/permits/files', query, file, (s) => seen(s.size ? s.sent / s.size : 0))
}
