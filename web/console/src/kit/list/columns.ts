/** What a list is made of. */
export interface Column<T> {
  key: string
  label: string
  /** Unit shown in the head. */
  unit?: string
  num?: boolean
  /** `true`: the column's own key both ways; or what the server calls each way it can. */
  sort?: boolean | { up?: string; down?: string }
  width?: number
  /** Title of the card on phones and the link of the row. */
  lead?: boolean
  /** Not shown until chosen. */
  spare?: boolean
  code?: boolean
  text?: (row: T) => string | number | null | undefined
}
export type Filter =
  /** `when`, `is`: only while another filter has this value. `blank`: what the list shows unasked, where that is not everything. */
  | { kind: 'select'; key: string; label: string; options: { value: string; label: string }[]; when?: string; is?: string; blank?: string }
  /** `keys`: the query's own names for the two ends; `KEY_from` and `KEY_to` where they are not said. */
  | { kind: 'dates'; key: string; label: string; keys?: [string, string] }
  | { kind: 'division'; key: string; label: string }
  | { kind: 'flag'; key: string; label: string }
  | { kind: 'text'; key: string; label: string }
  | { kind: 'date'; key: string; label: string }

/** The query keys a filter occupies: a period has two. */
export function keysOf(f: Filter): string[] {
  return f.kind === 'dates' ? (f.keys ?? [`${f.key}_from`, `${f.key}_to`]) : [f.key]
}
/** The values of a list's URL as the contract types them: flags are numbers. */
export function typed(query: Record<string, unknown>, filters: Filter[]): Record<string, string | number | boolean | null | undefined> {
  const flags = new Set(filters.filter((f) => f.kind === 'flag').map((f) => f.key))
  return Object.fromEntries(Object.entries(query).map(([k, v]) => [k, flags.has(k) && v !== '' ? Number(v) : (v as string)]))
}
export const sortKeys = <T>(c: Column<T>): { up?: string; down?: string } => (c.sort === true ? { up: c.key, down: `-${c.key}` } : c.sort || {})
export function cellText<T extends object>(c: Column<T>, row: T): string {
  const v = c.text ? c.text(row) : (row as Record<string, unknown>)[c.key]
  return v == null || v === '' ? '—' : String(v)
}
