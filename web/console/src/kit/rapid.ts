/** A row of a batch of rapid tests, as the console's page for phones and the field app both have it and send it. */
import type { NewTest } from '../api/schema'

/** The card or reagent of a row. */
export interface CardOf {
  item: string
  method: string
  maker: string
  batch: string
  expires: string
}
export interface RapidRow {
  /** The server takes a key once. */
  key: string
  tested_at: number
  card: CardOf
  /** Code of the device; empty: by eye. */
  device: string
  stall: string
  /** Id or platform code of who was tested; empty: not on the platform, or not known. */
  party: string
  party_name: string
  food: string
  goods: string
  /** Trace code, scanned. */
  code: string
  source_place: string
  value: string
  unit: string
  result: string
  /** Number of the test of which this is the second one. */
  again: string
  /** Why the server did not take it before. */
  fault?: string
}
export const GOODS: Record<string, string> = { farm: '食用农产品', other: '其他食品' }
/** Rows of one request. */
export const MOST_ROWS = 200
/** It begins a case. */
export const calls = (result: string): boolean => result === 'positive' || result === 'suspect'
/** A row as the contract has it. */
export const toItem = (r: RapidRow): NewTest => ({
  key: r.key, tested_at: r.tested_at, party: r.party, stall: r.stall, vendor: '', food: r.food, goods: r.goods, code: r.code, lot: null, source_place: r.source_place,
  item: r.card.item, method: r.card.method, card: { maker: r.card.maker, batch: r.card.batch, expires: r.card.expires }, device: r.device, result: r.result, value: r.value, unit: r.unit, tester: '', again: r.again,
})
