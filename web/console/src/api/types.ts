/**
 * Shapes of the API the console relies on. Times are ms UTC; quantities are whole base units (g, ml, pc), null = unknown;
 * dates are partial: `2026`, `2026-05`, `2026-05-03` or '' (unknown).
 */
export interface Page<T> {
  items: T[]
  total: number
  page: number
  size: number
}
export type Unit = 'g' | 'ml' | 'pc'
export type Amount = number | null

export interface Session {
  user: { id: string; name: string; full_name: string }
  roles: string[]
  permissions: string[]
  /** Division prefixes with their names; '' is the nation. */
  jurisdiction: { prefix: string; name: string }[]
  /** The business a business user acts for. */
  party: { id: string; name: string; kind: string } | null
  bureau: { id: string; name: string } | null
  simulated: boolean
}

export interface Home {
  as_of: number
  figures: Record<string, number | null>
  todo: { code: string; count: number; due: number | null }[]
  daily: { day: string; purchases: number; sales: number }[]
  recent: { no: string; id: string; title: string; state: string; at: number }[]
}

export interface Party {
  id: string
  code: string
  name: string
  kind: string
  kind_name: string
  uscc: string
  licence_no: string
  licence_kind: string
  licence_until: string
  division: string
  division_name: string
  address: string
  lat: number | null
  lon: number | null
  datum: string
  accuracy_m: number | null
  contact: string
  phone: string
  legal_person: string
  safety_officer: string
  status: string
  simulated: boolean
  updated_at: number
}
export interface Dossier {
  party: Party
  figures: Record<string, number | null>
  licences: { id: string; kind: string; no: string; from: string; until: string; state: string }[]
  people: { role: string; name: string; phone: string }[]
  suppliers: { party: string; name: string; moves: number; last: string }[]
  customers: { party: string; name: string; moves: number; last: string }[]
  changes: { at: number; actor: string; what: string }[]
  warnings: { code: string; message: string }[]
}

export interface Product {
  id: string
  party: string
  party_name: string
  division_name: string
  gtin: string | null
  own_code: string
  name: string
  brand: string
  category: string
  category_name: string
  spec: string
  unit: Unit
  pack_size: Amount
  shelf_days: number | null
  standard: string
  producer: string
  origin: string
  lots: number
  simulated: boolean
}

export interface Lot {
  no: number
  code: string
  product: string
  product_name: string
  spec: string
  holder: string
  holder_name: string
  division_name: string
  state: 'stock' | 'transit'
  kind: string
  batch: string
  made: string
  expires: string
  amount: Amount
  unit: Unit
  on_hand: Amount
  sold: Amount
  lost: Amount
  counterpart: string | null
  counterpart_name: string | null
  doc_no: string
  at: string
  voided: boolean
  recalled: boolean
  declared: boolean
  simulated: boolean
}
export interface ChainLink {
  no: number
  product_name: string
  batch: string
  holder: string
  holder_name: string
  division_name: string
  kind: string
  at: string
  amount: Amount
  unit: Unit
  on_hand: Amount
  depth: number
  from: number[]
}
export interface Chain {
  lot: Lot
  event: EventRow
  /** Behind (depth < 0) and ahead (depth > 0), the lot itself at 0; `from` are the lots it was made from. */
  links: ChainLink[]
  truncated: boolean
  totals: { on_hand: Amount; sold: Amount; unaccounted: Amount; unit: Unit; holders: number; lots: number }
}

export interface EventRow {
  no: number
  id: string
  kind: string
  party: string
  party_name: string
  counterpart: string | null
  counterpart_name: string | null
  division_name: string
  at: string
  recorded_at: number
  actor: string
  channel: string
  doc_no: string
  product_name: string
  batch: string
  lot: number | null
  amount: Amount
  unit: Unit
  corrects: number | null
  declared: boolean
  simulated: boolean
}

export interface LedgerRow {
  no: number
  doc_no: string
  at: string
  party: string
  party_name: string
  counterpart: string | null
  counterpart_name: string | null
  counterpart_contact: string
  product: string
  product_name: string
  spec: string
  batch: string
  made: string
  expires: string
  amount: Amount
  unit: Unit
  lot: number | null
  certificate: string
  state: string
  difference: Amount
  declared: boolean
}

/** One line of a capture; a document is many lines with one `doc_no`. */
export interface Move {
  kind: string
  party?: string
  counterpart?: string
  counterpart_name?: string
  at?: string
  doc_no?: string
  product?: string
  batch?: string
  made?: string
  expires?: string
  amount?: Amount
  unit?: Unit
  lot?: number
  inputs?: { lot: number; amount: Amount }[]
  doc?: Record<string, string>
  reason?: string
  corrects?: number
}
export interface MoveAnswer {
  batch: string
  committed: boolean
  items: { index: number; event: number | null; lots: number[]; error: { code: string; message: string; field: string | null } | null }[]
}

export interface Job {
  id: string
  kind: string
  title: string
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  done: number
  total: number | null
  message: string
  created_at: number
  finished_at: number | null
  result: JobResult | null
}
export interface JobResult {
  accepted?: number
  rejected?: number
  defects?: { place: string; code: string; message: string }[]
  files?: { name: string; href: string; bytes: number; label: string }[]
  link?: string
}

export interface User {
  id: string
  name: string
  full_name: string
  phone: string
  state: string
  totp: boolean
  last_seen: number | null
  locked_until: number | null
  posts: { id: string; title: string }[]
  party: string | null
  party_name: string | null
}
export interface Post {
  id: string
  title: string
  bureau: string
  bureau_name: string
  roles: string[]
  jurisdiction: { prefix: string; name: string }[]
  holders: { id: string; full_name: string }[]
}
export interface Bureau {
  id: string
  parent: string | null
  name: string
  division: string
  level: string
}
export interface AuditRow {
  no: number
  at: number
  actor: string
  actor_name: string
  action: string
  target: string
  outcome: string
  address: string
  hash: string
}
export interface Division {
  code: string
  name: string
  leaf: boolean
}

export interface Hit {
  kind: 'party' | 'product' | 'lot'
  id: string
  title: string
  note: string
}
