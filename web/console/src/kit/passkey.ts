/** 通行密钥 (WebAuthn) in the browser: the server's JSON to what `navigator.credentials` wants, and back. */
import { ask, Problem, type Answer } from '@/api'

type Challenge = Answer<'POST /api/session/passkey/challenge'>
type Json = Record<string, unknown>
/** Only where the page came safely and the browser knows of it; elsewhere there are no buttons for it. */
export const passkeysWork = (): boolean => isSecureContext && typeof PublicKeyCredential !== 'undefined'

const bytes = (text: unknown): ArrayBuffer => Uint8Array.from(atob(String(text).replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)).buffer
const text = (raw: ArrayBuffer | null): string | undefined => (raw ? btoa(String.fromCharCode(...new Uint8Array(raw))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '') : undefined)
const listed = (list: unknown): PublicKeyCredentialDescriptor[] => ((list as Json[] | undefined) ?? []).map((c) => ({ ...c, id: bytes(c.id) }) as PublicKeyCredentialDescriptor)

/** Written out: the browsers of domestic desktops are older than the functions of the standard for this. */
function creation({ options }: Challenge): PublicKeyCredentialCreationOptions {
  const o = options.publicKey as Json
  const user = o.user as Json
  return { ...o, challenge: bytes(o.challenge), user: { ...user, id: bytes(user.id) }, excludeCredentials: listed(o.excludeCredentials) } as PublicKeyCredentialCreationOptions
}
function request({ options }: Challenge): PublicKeyCredentialRequestOptions {
  const o = options.publicKey as Json
  return { ...o, challenge: bytes(o.challenge), allowCredentials: listed(o.allowCredentials) } as PublicKeyCredentialRequestOptions
}
function told(c: PublicKeyCredential): Json {
  const base = { id: c.id, rawId: text(c.rawId), type: c.type, clientExtensionResults: c.getClientExtensionResults(), ...(c.authenticatorAttachment ? { authenticatorAttachment: c.authenticatorAttachment } : {}) }
  const r = c.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse
  if (r.attestationObject) return { ...base, response: { clientDataJSON: text(r.clientDataJSON), attestationObject: text(r.attestationObject), transports: r.getTransports?.() ?? [] } }
  return { ...base, response: { clientDataJSON: text(r.clientDataJSON), authenticatorData: text(r.authenticatorData), signature: text(r.signature), userHandle: text(r.userHandle) } }
}
/** What the person's device said; a `Problem` in words where it was broken off or refused. */
async function device(run: () => Promise<Credential | null>): Promise<Json> {
  try {
    const c = await run()
    if (c instanceof PublicKeyCredential) return told(c)
  } catch (e) {
    if (!(e instanceof DOMException)) throw e
    if (e.name === 'InvalidStateError') throw new Problem(0, 'passkey_bound', '这台设备已经绑定过了')
    if (e.name === 'AbortError') throw e
  }
  throw new Problem(0, 'passkey_given_up', '没有完成验证，可以再试一次')
}

export async function bind(password: string, name: string): Promise<void> {
  const challenge = await ask('POST /api/session/passkeys/challenge', { body: { password } })
  const credential = await device(() => navigator.credentials.create({ publicKey: creation(challenge) }))
  await ask('POST /api/session/passkeys', { body: { ask: challenge.ask, name, credential } })
}
/** Signs in with a passkey alone; with name and password, as the second step after them. */
export async function signInByPasskey(after?: { name: string; password: string }): Promise<Answer<'POST /api/session/passkey'>> {
  const challenge = after ? await ask('POST /api/session/passkey/second', { body: after }) : await ask('POST /api/session/passkey/challenge')
  const credential = await device(() => navigator.credentials.get({ publicKey: request(challenge) }))
  return ask('POST /api/session/passkey', { body: { ask: challenge.ask, credential } })
}
