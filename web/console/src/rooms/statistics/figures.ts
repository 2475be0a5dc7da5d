/** Figures of cases in words, and the way from each to the cases behind it. */
import type { RouteLocationRaw } from 'vue-router'
import type { Answer } from '@/api'
import { count } from '@/kit/format'

export type Statistics = Answer<'GET /api/statistics'>
export type Line = Statistics['total']
export type Figures = Line['cases'][string]
export type What = keyof Figures

export const WHATS: Record<What, string> = { late: '逾期', due: '七天内到期', open: '期末在办', opened: '新增', before: '上期新增', year_before: '去年同期新增', ended: '办结' }
/** Where figures are of: a place and a period. */
export interface Frame {
  division: string
  from: string
  to: string
}
export interface Narrow {
  kind?: string
  business?: string
  direct?: boolean
}
export function behind(frame: Frame, what: What, narrow: Narrow = {}): RouteLocationRaw {
  const query: Record<string, string> = { division: frame.division, from: frame.from, to: frame.to, what }
  if (narrow.kind) query.kind = narrow.kind
  if (narrow.business) query.business = narrow.business
  if (narrow.direct) query.direct = 'true'
  return { path: '/statistics/cases', query }
}
/** One figure of a line: of one kind, or of all together. What lies before the first record is not known, which is not none. */
export function figure(line: Line, what: What, kind = ''): number | null {
  if (kind) return line.cases[kind]?.[what] ?? (what === 'before' || what === 'year_before' ? null : 0)
  const known = Object.values(line.cases).map((f) => f[what]).filter((n): n is number => n != null)
  return known.length || (what !== 'before' && what !== 'year_before') ? known.reduce((a, b) => a + b, 0) : null
}
/** `+12%`; `—` where there is nothing to compare with. */
export function change(now: number | null, before: number | null): string {
  if (now == null || before == null) return '—'
  if (!before) return now ? '上期为 0' : '持平'
  const percent = Math.round(((now - before) * 100) / before)
  return percent ? `${percent > 0 ? '+' : '−'}${Math.abs(percent)}%` : '持平'
}
export const known = (n: number | null): string => count(n)
/** Kinds of a line, those that are late first. */
export function kindsOf(s: Statistics): Statistics['kinds'] {
  const of = (kind: string, what: What): number => figure(s.total, what, kind) ?? 0
  return s.kinds
    .filter((k) => s.total.cases[k.kind])
    .sort((a, b) => of(b.kind, 'late') - of(a.kind, 'late') || of(b.kind, 'due') - of(a.kind, 'due') || of(b.kind, 'open') - of(a.kind, 'open') || of(b.kind, 'opened') - of(a.kind, 'opened'))
}
