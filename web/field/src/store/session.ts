/** Who is signed in: with the server where there is a network, with this phone where there is none. */
import { reactive } from 'vue'
import { ask, Problem, whenSignedOut, type Session } from '@/api'
import * as keys from './keys'
import * as kept from './kept'
import * as phone from './phone'
import * as queue from './queue'

export const session = reactive({
  me: null as Session | null,
  /** The server does not know this person any more; what is kept here stays open. */
  expired: false,
  /** This phone took the session up again: what waits goes out, nothing else is open. */
  sendsOnly: false,
  online: navigator.onLine,
})
export const can = (permission: string): boolean => !!session.me?.permissions.includes(permission)
/** Signing out was asked for while there was no network: the cookie is ended before anything else. */
const PARTING = 'parting'

whenSignedOut(() => (session.expired = true))
addEventListener('online', () => {
  session.online = true
  void recheck()
})
addEventListener('offline', () => (session.online = false))

async function part(): Promise<void> {
  if (!localStorage.getItem(PARTING)) return
  await ask('DELETE /api/session').catch((e: unknown) => {
    if (!(e instanceof Problem) || e.status !== 401) throw e
  })
  localStorage.removeItem(PARTING)
}
async function taken(me: Session): Promise<void> {
  if (me.resumed) {
    // what one may do stays on the page as it was: the server says no to all but sending
    if (!keys.isOpen()) return
    session.expired = true
    session.sendsOnly = true
    await queue.begin()
    return
  }
  await keys.openFor(me)
  session.me = me
  session.expired = session.sendsOnly = false
  await phone.bind().catch((e: unknown) => console.warn('phone', e))
  await queue.begin()
  void kept.sweep()
  // so that a full disk does not take what was not sent yet
  void navigator.storage?.persist?.()
}
/** At the start: what the phone knows comes first, the server is asked behind it. */
export async function start(): Promise<void> {
  session.me = localStorage.getItem(PARTING) ? null : await keys.resume()
  if (session.me) {
    await queue.begin()
    void recheck()
    return
  }
  await recheck()
}
async function recheck(): Promise<void> {
  try {
    await part()
    const me = await ask('GET /api/session')
    if (me.due) return
    if (session.me && session.me.user.id !== me.user.id) queue.close()
    await taken(me)
  } catch (e) {
    if (!(e instanceof Problem)) throw e
    session.expired = e.status === 401 && session.me !== null
    session.online = e.status !== 0
    if (session.expired) await again()
  }
}
let asking: Promise<boolean> | null = null
/** The session is taken up again where this phone may; whether it was. */
export function again(): Promise<boolean> {
  asking ??= (async () => {
    try {
      const me = session.me && keys.isOpen() ? await phone.resume() : null
      if (!me) return false
      session.expired = session.sendsOnly = true
      await queue.begin()
      return true
    } catch (e) {
      if (!(e instanceof Problem)) throw e
      return false
    } finally {
      asking = null
    }
  })()
  return asking
}
queue.whenSignedOut(() => void again())
queue.whenSendsOnly(() => session.sendsOnly)

export async function signIn(name: string, password: string, totp?: string): Promise<Session> {
  await part()
  return admitted(await ask('POST /api/session', { body: { name, password, ...(totp ? { totp } : {}) } }))
}
/** With the answer of a sign-in that was made elsewhere (a passkey). */
export async function admitted(me: Session): Promise<Session> {
  if (!me.due) await taken(me)
  return me
}
export async function signOut(): Promise<void> {
  localStorage.setItem(PARTING, '1')
  await keys.forget()
  queue.close()
  session.me = null
  session.expired = session.sendsOnly = false
  await part().catch(() => undefined)
}
