/** Sealing: AES-GCM with a fresh random iv each time, bound to the place where it is kept. */
import type { Sealed } from './db'

const utf8 = new TextEncoder()
const fromUtf8 = new TextDecoder()

export async function seal(key: CryptoKey, what: BufferSource, place: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8.encode(place) }, key, what)
  return { iv, data }
}
/** Fails where the key is another one, or what is kept was moved or changed. */
export function unseal(key: CryptoKey, sealed: Sealed, place: string): Promise<ArrayBuffer> {
  const iv = sealed.iv as Uint8Array<ArrayBuffer>
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: utf8.encode(place) }, key, sealed.data)
}
export const sealJson = (key: CryptoKey, value: unknown, place: string): Promise<Sealed> => seal(key, utf8.encode(JSON.stringify(value)), place)
export async function unsealJson<T>(key: CryptoKey, sealed: Sealed, place: string): Promise<T> {
  return JSON.parse(fromUtf8.decode(await unseal(key, sealed, place))) as T
}
export async function sha256(bytes: BufferSource): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(sum, (b) => b.toString(16).padStart(2, '0')).join('')
}
