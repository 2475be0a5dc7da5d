/** A plan as a matrix: rows are the tree of foods, columns stages or places; sums go up both ways. */
import { ask } from '@/api'
import type { Cell } from './words'

export interface Sum { quota: number; tasks: number; taken: number; reported: number; failed: number; cells: Cell[] }
export interface Line { code: string; name: string; depth: number; parent: boolean; at: Record<string, Sum>; all: Sum }
export interface Head { key: string; name: string }
export type By = 'stage' | 'division'

const none = (): Sum => ({ quota: 0, tasks: 0, taken: 0, reported: 0, failed: 0, cells: [] })
export function sum(cells: Cell[]): Sum {
  const out = none()
  for (const c of cells) {
    out.quota += c.quota
    out.tasks += c.tasks
    out.taken += c.taken
    out.reported += c.reported
    out.failed += c.failed
    out.cells.push(c)
  }
  return out
}
export const below = (category: string, node: string): boolean => category === node || category.startsWith(`${node}.`)

/** Lines in the order of the tree; a class above stands where it has cells of its own or gathers several. */
export function lines(cells: Cell[], by: By, nameOf: (code: string) => string): Line[] {
  const own = new Map<string, string>()
  for (const c of cells) own.set(c.category, c.category_name)
  const nodes = new Set(own.keys())
  for (const code of own.keys()) {
    const steps = code.split('.')
    for (let n = 1; n < steps.length; n += 1) {
      const above = steps.slice(0, n).join('.')
      if ([...own.keys()].filter((c) => below(c, above)).length > 1) nodes.add(above)
    }
  }
  const sorted = [...nodes].sort((a, b) => order(a, b))
  return sorted.map((code) => {
    const mine = cells.filter((c) => below(c.category, code))
    const at: Record<string, Sum> = {}
    for (const key of new Set(mine.map((c) => c[by]))) at[key] = sum(mine.filter((c) => c[by] === key))
    return { code, name: own.get(code) ?? nameOf(code), depth: sorted.filter((o) => o !== code && below(code, o)).length, parent: sorted.some((o) => o !== code && below(o, code)), at, all: sum(mine) }
  })
}
function order(a: string, b: string): number {
  const [x, y] = [a.split('.'), b.split('.')]
  for (let i = 0; i < Math.max(x.length, y.length); i += 1) {
    if (x[i] === undefined) return -1
    if (y[i] === undefined) return 1
    const d = x[i]!.localeCompare(y[i]!, 'zh', { numeric: true })
    if (d) return d
  }
  return 0
}

/** Part of the year that is over; a plan of another year is over or has not begun. */
export function elapsed(year: number, now = new Date()): number {
  if (now.getFullYear() !== year) return now.getFullYear() > year ? 1 : 0
  const begin = new Date(year, 0, 1).getTime()
  return (now.getTime() - begin) / (new Date(year + 1, 0, 1).getTime() - begin)
}
/** `done` all is taken, `behind` by more than a tenth of what the year asks for, `on` the way, `none` nothing yet. */
export function pace(s: Sum, part: number): 'done' | 'behind' | 'on' {
  if (s.taken >= s.quota) return 'done'
  return s.taken < Math.floor(s.quota * part * 0.9) ? 'behind' : 'on'
}

/** Names of divisions by code, asked level by level and once. */
const named = new Map<string, Promise<Record<string, string>>>()
export async function divisionNames(codes: string[]): Promise<Record<string, string>> {
  const above = new Set(codes.map((c) => (c.length > 9 ? c.slice(0, 9) : c.length > 6 ? c.slice(0, 6) : c.length > 4 ? c.slice(0, 4) : c.length > 2 ? c.slice(0, 2) : '')))
  const lists = [...above].map((parent) => {
    const had = named.get(parent) ?? ask('GET /api/reference/divisions', { query: { parent } }).then((l) => Object.fromEntries(l.map((d) => [d.code, d.name])))
    had.catch(() => named.delete(parent))
    named.set(parent, had)
    return had
  })
  return Object.assign({}, ...(await Promise.all(lists))) as Record<string, string>
}
