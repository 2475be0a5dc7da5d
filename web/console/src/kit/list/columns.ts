/** What a list is made of. */
export interface Column<T> {
  key: string
  label: string
  /** Unit shown in the head. */
  unit?: string
  num?: boolean
  /** Server sort key; `true` means the column's own key. */
  sort?: boolean | string
  width?: number
  /** Title of the card on phones and the link of the row. */
  lead?: boolean
  /** Not shown until chosen. */
  spare?: boolean
  code?: boolean
  text?: (row: T) => string | number | null | undefined
}
export type Filter =
  | { kind: 'select'; key: string; label: string; options: { value: string; label: string }[] }
  | { kind: 'dates'; key: string; label: string }
  | { kind: 'division'; key: string; label: string }
  | { kind: 'flag'; key: string; label: string }
  | { kind: 'text'; key: string; label: string }

/** The query keys a filter occupies: a period has two. */
export function keysOf(f: Filter): string[] {
  return f.kind === 'dates' ? [`${f.key}_from`, `${f.key}_to`] : [f.key]
}
export const sortKey = <T>(c: Column<T>): string | null => (c.sort === true ? c.key : c.sort || null)
export function cellText<T extends object>(c: Column<T>, row: T): string {
  const v = c.text ? c.text(row) : (row as Record<string, unknown>)[c.key]
  return v == null || v === '' ? '—' : String(v)
}
