/**
 * A session ends after thirty idle minutes; what was done with no network goes out all the same: this phone takes the session up again with
 * a key that was made when the person signed in, within the session's own twelve hours and for sending only (docs/decisions/0027-resume.md).
 */
import { ask, Problem, type Session } from '@/api'
import { db, write } from './db'
import { whose } from './keys'

const EC = { name: 'ECDSA', namedCurve: 'P-256' }
const base64 = (b: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(b)))

/** Binds the session that was just opened to this phone. */
export async function bind(): Promise<void> {
  const pair = await crypto.subtle.generateKey(EC, false, ['sign', 'verify'])
  const raw = await crypto.subtle.exportKey('raw', pair.publicKey)
  const { session } = await ask('POST /api/session/phone', { body: { key: base64(raw) } })
  const { user } = whose()
  await write(['people'], async (tx) => {
    const row = await tx.objectStore('people').get(user)
    if (row?.open) await tx.objectStore('people').put({ ...row, phone: { session, key: pair.privateKey, no: 0 } })
  })
}
/** Whether this phone could take a session up again. */
export async function bound(): Promise<boolean> {
  return !!(await (await db()).get('people', whose().user))?.phone
}
/** The session again, for sending; `null` where this phone may not: then somebody signs in. */
export async function resume(): Promise<Session | null> {
  const { user } = whose()
  const phone = (await (await db()).get('people', user))?.phone
  if (!phone) return null
  // a number counts once: it is written down before it is used
  const no = Math.max(Date.now(), phone.no + 1)
  await write(['people'], async (tx) => {
    const row = await tx.objectStore('people').get(user)
    if (row?.phone) await tx.objectStore('people').put({ ...row, phone: { ...row.phone, no } })
  })
  const words = new TextEncoder().encode(`shian-resume\n${phone.session}\n${no}`)
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, phone.key, words)
  try {
    const me = await ask('POST /api/session/resume', { body: { session: phone.session, no, signature: base64(signature) } })
    return me.user.id === user ? me : null
  } catch (e) {
    if (e instanceof Problem && e.status === 401) {
      await write(['people'], async (tx) => {
        const row = await tx.objectStore('people').get(user)
        if (row?.phone?.session === phone.session) {
          const { phone: _gone, ...rest } = row
          await tx.objectStore('people').put(rest)
        }
      })
      return null
    }
    throw e
  }
}
