/** 反馈周报 and who belongs to whom: codes of the server in the words people use. */
import type { Answer, Items } from '@/api'
import type { Look } from '@/kit/words'

export type Row = Items<'GET /api/feedback'>
export type View = Answer<'GET /api/feedback/{id}'>
export type Content = View['content']
export type Share = Content['total']
export type Member = Items<'GET /api/members'>

export const RELATIONS: Record<string, string> = { market: '市场入场销售者', chain: '连锁门店', platform: '平台入驻商户' }
/** Who is told, by the same codes. */
export const MANAGERS: Record<string, string> = { market: '市场', chain: '连锁总部', platform: '平台' }
/** What the file is called for each. */
export const FILES: Record<string, string> = { market: '本市场周报', chain: '本连锁周报', platform: '本平台周报' }
export const STATES: Record<string, Look> = {
  current: { text: '有效', tone: 'ok', mark: '●' },
  declared: { text: '待确认', tone: 'warn', mark: '◐' },
  coming: { text: '未到起始日', tone: 'info', mark: '○' },
  ended: { text: '已结束', tone: 'idle', mark: '○' },
}
export const SOURCES: Record<string, string> = { officer: '监管人员登记', import: '表格导入', manager: '开办者申报' }
export const RECEIPTS: Record<string, Look> = { taken: { text: '已签收', tone: 'ok', mark: '●' }, waiting: { text: '未签收', tone: 'warn', mark: '◐' } }

/** `2026-W10` as people say it. */
export const weekName = (week: string): string => `${week.slice(0, 4)} 年第 ${Number(week.slice(6))} 周`
const tenth = (x: number): string => `${(x * 100).toFixed(1)}%`
export const rate = (s: Share): string => (s.rate == null ? '—' : tenth(s.rate))
export const range = (s: Share): string => (s.low == null || s.high == null ? '' : `${tenth(s.low)}–${tenth(s.high)}`)
