/** What a program's key may carry: what its business or its bureau's officers may do, never over accounts or the audit. */
import { ask } from '@/api'

export interface Right {
  code: string
  name: string
}
export async function rightsOf(business: boolean): Promise<Right[]> {
  const roles = await ask('GET /api/roles')
  const family = roles.filter((r) => (business ? r.code.startsWith('business_') : ['leader', 'officer', 'investigator'].includes(r.code)))
  const all = new Map(family.flatMap((r) => r.permissions).filter((p) => !/^(accounts|audit)\./.test(p.code)).map((p) => [p.code, p.name]))
  return [...all].map(([code, name]) => ({ code, name }))
}
