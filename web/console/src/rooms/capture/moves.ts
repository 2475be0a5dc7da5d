import { ask, Problem, type Amount, type Answer, type Lot, type NewMove, type Unit } from '@/api'

/** One lot of the holder's stock in a form, with how much of it. */
export interface Line {
  lot: number
  name: string
  batch: string
  note: string
  unit: Unit
  on_hand: Amount
  amount: Amount
}
export const lineOf = (l: Lot): Line => ({ lot: l.no, name: l.product_name, batch: l.batch, note: l.spec, unit: l.unit as Unit, on_hand: l.on_hand ?? null, amount: null })

/** All lines or none; what is refused is an error at that line (`items/3/takes/0/amount`). */
export const send = (items: NewMove[], key: string): Promise<Answer<'POST /api/moves'>> => ask('POST /api/moves', { body: { mode: 'all', channel: 'form', items }, key })

/** The move that was meant, with the declaration that another was wrong; faults come back as those of the form's first line. */
export async function correct(event: string, reason: string, instead: NewMove, key: string): Promise<Answer<'POST /api/events/{id}/correction'>> {
  try {
    return await ask('POST /api/events/{id}/correction', { path: { id: event }, body: { reason, instead }, key })
  } catch (e) {
    if (!(e instanceof Problem)) throw e
    const field = e.field?.startsWith('instead/') ? `items/0/${e.field.slice(8)}` : e.field
    throw new Problem(e.status, e.code, e.message, field, e.defects, e.retryAfter)
  }
}

/** The error at a line, whatever part of it the server names; those of the papers stand at the papers. */
export function faultAt(errors: Record<string, string>, i: number, part = ''): string | undefined {
  const key = Object.keys(errors).find((k) => k === `items/${i}` || (k.startsWith(`items/${i}/${part}`) && !k.startsWith(`items/${i}/papers`)))
  return key && errors[key]
}
/** A document number the person may change: date and four characters. */
export function newDocNo(day: string): string {
  return `${day.replace(/-/g, '')}-${crypto.randomUUID().slice(0, 4).toUpperCase()}`
}
