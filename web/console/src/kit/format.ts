/** How values are written: exact, aligned, and unknown is said, never shown as zero. */
import type { Amount, Unit } from '@/api'

const whole = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 0 })
const tenth = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 1 })
const milli = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 3 })

export const UNKNOWN = '不明'

export function count(n: number | null | undefined): string {
  return n == null ? UNKNOWN : whole.format(n)
}
/** Lists count no further than this (kit-web `COUNTED`): the total is then a lower bound. */
const COUNTED = 100_000
export function total(n: number | null | undefined): string {
  return n === COUNTED ? '10 万以上' : count(n)
}
export function unitName(unit: Unit | string | null | undefined): string {
  return unit === 'g' ? 'kg' : unit === 'ml' ? 'L' : '件'
}
/** Base units to the unit people read: grams as kilograms, millilitres as litres, exact to the gram. */
export function amount(n: Amount | undefined, unit: Unit | string | null | undefined): string {
  if (n == null) return UNKNOWN
  return unit === 'pc' ? whole.format(n) : milli.format(n / 1000)
}
export function amountWithUnit(n: Amount | undefined, unit: Unit | string | null | undefined): string {
  return n == null ? UNKNOWN : `${amount(n, unit)} ${unitName(unit)}`
}
/** For figures at the head of a page: from ten tonnes on in tonnes, from 100 kg or L on without fractions. */
export function amountBrief(n: Amount | undefined, unit: Unit | string | null | undefined): string {
  if (n == null || unit === 'pc' || Math.abs(n) < 100_000) return amountWithUnit(n, unit)
  if (unit === 'g' && Math.abs(n) >= 10_000_000) return `${tenth.format(n / 1_000_000)} t`
  return `${whole.format(n / 1000)} ${unitName(unit)}`
}
/** What a person typed (kg, L or pieces) to base units; null when it is no number. */
export function parseAmount(text: string, unit: Unit): number | null {
  const clean = text.trim().replace(/[,，\s]/g, '')
  if (!/^\d{1,12}(\.\d{1,3})?$/.test(clean)) return null
  if (unit === 'pc') return clean.includes('.') ? null : Number(clean)
  const [a, b = ''] = clean.split('.')
  return Number(a) * 1000 + Number(b.padEnd(3, '0'))
}

export function score(x: number | null | undefined): string {
  return x == null ? '—' : x.toFixed(3)
}

const two = (n: number): string => String(n).padStart(2, '0')
export function day(ms: number | null | undefined): string {
  if (ms == null) return '—'
  const d = new Date(ms)
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`
}
export function time(ms: number | null | undefined): string {
  if (ms == null) return '—'
  const d = new Date(ms)
  return `${day(ms)} ${two(d.getHours())}:${two(d.getMinutes())}`
}
export function clock(ms: number): string {
  const d = new Date(ms)
  return `${two(d.getHours())}:${two(d.getMinutes())}`
}
/** A partial date; '' is unknown. */
export function partial(text: string | null | undefined): string {
  return text ? text : UNKNOWN
}
/** A partial date a person may type: 2026, 2026-05, 2026-05-03 (also 2026/5/3, 20260503, 2026年5月). Null when impossible. */
export function parsePartial(text: string): string | null {
  const t = text.trim()
  if (!t) return ''
  const m = /^(\d{4})(\d{2})(\d{2})$/.exec(t) ?? /^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?$/.exec(t)
  if (!m) return null
  const [y, mo, d] = [Number(m[1]), m[2] ? Number(m[2]) : null, m[3] ? Number(m[3]) : null]
  if (y < 1900 || y > 2200 || (mo !== null && (mo < 1 || mo > 12))) return null
  if (mo === null) return String(y)
  if (d === null) return `${y}-${two(mo)}`
  const real = new Date(y, mo - 1, d)
  return real.getMonth() === mo - 1 && d > 0 ? `${y}-${two(mo)}-${two(d)}` : null
}
export function bytes(n: number): string {
  return n < 1024 ? `${n} B` : n < 1048576 ? `${(n / 1024).toFixed(0)} KB` : `${(n / 1048576).toFixed(1)} MB`
}
export function today(): string {
  return day(Date.now())
}
