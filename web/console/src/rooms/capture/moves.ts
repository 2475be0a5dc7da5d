import { post, Problem, type Amount, type Lot, type Move, type MoveAnswer, type Unit } from '@/api'

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
export const lineOf = (l: Lot): Line => ({ lot: l.no, name: l.product_name, batch: l.batch, note: l.spec, unit: l.unit, on_hand: l.on_hand, amount: null })

/** All lines or none; a refused line becomes an error at that line (`items/3/amount`). */
export async function send(items: Move[], key: string): Promise<MoveAnswer> {
  const answer = await post<MoveAnswer>('/api/moves', { mode: 'all', items }, { key })
  const bad = answer.items.find((i) => i.error)
  if (!answer.committed && bad?.error) throw new Problem(422, bad.error.code, bad.error.message, `items/${bad.index}/${bad.error.field ?? ''}`.replace(/\/$/, ''), answer.items.filter((i) => i.error).map((i) => ({ place: `第 ${i.index + 1} 行`, code: i.error!.code, message: i.error!.message })))
  return answer
}
/** A document number the person may change: date and four characters. */
export function newDocNo(day: string): string {
  return `${day.replace(/-/g, '')}-${crypto.randomUUID().slice(0, 4).toUpperCase()}`
}
