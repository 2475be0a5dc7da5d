/** Days of the calendar as `2026-11-23`; no time of day and no time zone comes in. */
import { parsePartial } from '@/kit/format'

const two = (n: number): string => String(n).padStart(2, '0')
export const iso = (y: number, m: number, d: number): string => `${y}-${two(m)}-${two(d)}`
export const lastDay = (y: number, m: number): number => new Date(Date.UTC(y, m, 0)).getUTCDate()

/** Year, month and day of `2026-11-23`; what is missing is the first. */
export function parts(day: string): [number, number, number] {
  const [y = 1970, m = 1, d = 1] = day.split('-').map(Number)
  return [y, m, d]
}
export function addDays(day: string, n: number): string {
  const [y, m, d] = parts(day)
  const t = new Date(Date.UTC(y, m - 1, d + n))
  return iso(t.getUTCFullYear(), t.getUTCMonth() + 1, t.getUTCDate())
}
/** The same day of another month, or its last one. */
export function addMonths(day: string, n: number): string {
  const [y, m, d] = parts(day)
  const at = y * 12 + (m - 1) + n
  const [year, month] = [Math.floor(at / 12), (at % 12) + 1]
  return iso(year, month, Math.min(d, lastDay(year, month)))
}
/** Monday is 0. */
export function weekday(day: string): number {
  const [y, m, d] = parts(day)
  return (new Date(Date.UTC(y, m - 1, d)).getUTCDay() + 6) % 7
}
export const WEEK = ['一', '二', '三', '四', '五', '六', '日']

/** Six weeks at most, each of seven days, those of other months among them. */
export function weeks(day: string): string[][] {
  const [y, m] = parts(day)
  const first = iso(y, m, 1)
  const start = addDays(first, -weekday(first))
  const rows = Math.ceil((weekday(first) + lastDay(y, m)) / 7)
  return Array.from({ length: rows }, (_, w) => Array.from({ length: 7 }, (_, d) => addDays(start, w * 7 + d)))
}
/** `2026年11月23日 星期一`, for those who hear it. */
export function spoken(day: string): string {
  const [y, m, d] = parts(day)
  return `${y}年${m}月${d}日 星期${WEEK[weekday(day)]}`
}
/** What a person typed, as a whole day: also `11-23`, `11月23日`, `今天`, `昨天`. Null when it is none. */
export function parseDay(text: string, today: string): string | null {
  const t = text.trim()
  if (!t) return ''
  if (t === '今天' || t === '昨天' || t === '明天') return addDays(today, t === '今天' ? 0 : t === '昨天' ? -1 : 1)
  const short = /^(\d{1,2})[-/.月](\d{1,2})日?$/.exec(t)
  const day = parsePartial(short ? `${today.slice(0, 4)}-${short[1]}-${short[2]}` : t)
  return day && day.length === 10 ? day : null
}
