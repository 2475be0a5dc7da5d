/** Words of recalls. */
import type { Look } from '@/kit/words'
import { amountWithUnit } from '@/kit/format'

export const MODES: Record<string, string> = { ordered: '责令召回', voluntary: '主动召回' }
export const GRADES: Record<number, string> = { 1: '一级', 2: '二级', 3: '三级' }
export const CAUSES: Record<string, string> = { safety: '不符合食品安全标准或可能危害健康', label: '标签、标志、说明书问题', illegal: '违法添加非食用物质', carcass: '病死、死因不明的畜禽及其制品', spoilt: '腐败变质等' }
export const SOURCES: Record<string, string> = { self: '企业自查', sample: '监督抽检', rapid: '快速检测', investigation: '问题食品排查', complaint: '投诉举报', inspection: '监督检查', other: '其他' }
export const STATUSES: Record<string, Look> = {
  started: { text: '待报计划', tone: 'warn', mark: '▲' }, planned: { text: '计划待审', tone: 'warn', mark: '▲' }, announcing: { text: '待发公告', tone: 'warn', mark: '▲' },
  recalling: { text: '召回中', tone: 'info', mark: '◐' }, disposing: { text: '处置与总结', tone: 'info', mark: '◐' }, evaluating: { text: '待评价', tone: 'warn', mark: '▲' },
  closed: { text: '已完成', tone: 'ok', mark: '●' }, withdrawn: { text: '不予召回', tone: 'idle', mark: '○' },
}
export const TASK_STATES: Record<string, Look> = {
  open: { text: '待报告', tone: 'warn', mark: '▲' }, reported: { text: '已报告', tone: 'info', mark: '◐' }, settled: { text: '已了结', tone: 'ok', mark: '●' },
}
export const WHATS: Record<string, string> = { destroy: '销毁', harmless: '无害化处理', remedy: '补救' }
export const DISPOSALS: Record<string, Look> = {
  planned: { text: '待见证', tone: 'warn', mark: '▲' }, done: { text: '已处置', tone: 'ok', mark: '●' }, refused: { text: '未成', tone: 'idle', mark: '○' },
}

export interface Sums { unit: string; produced: number; used: number; waiting: number; on_hand: number; sold: number; destroyed: number; remedied: number; returning: number; back: number; open: number; gap: number }
/** The parts of an account in the order in which they are drawn: nothing is left out, so that they close. */
export function partsOf(a: Sums): { key: string; name: string; value: number; tone: string }[] {
  const all = [
    { key: 'on_hand', name: '现存（封存）', value: a.on_hand, tone: 'held' }, { key: 'returning', name: '退回途中', value: a.returning, tone: 'held' }, { key: 'back', name: '退回待处置', value: a.back, tone: 'held' },
    { key: 'destroyed', name: '已销毁', value: a.destroyed, tone: 'done' }, { key: 'remedied', name: '已补救', value: a.remedied, tone: 'done' }, { key: 'sold', name: '已售给消费者', value: a.sold, tone: 'sold' },
    { key: 'open', name: '去向不明', value: a.open, tone: 'bad' }, { key: 'waiting', name: '待持有单位报告', value: a.waiting, tone: 'wait' }, { key: 'used', name: '投入加工', value: a.used, tone: 'used' }, { key: 'gap', name: '历史记录差额', value: a.gap, tone: 'bad' },
  ]
  return all.filter((p) => p.value !== 0)
}
export const shown = (n: number | null | undefined, unit: string): string => (n == null ? '' : amountWithUnit(n, unit))
/** `12.3%` of what was not made into something else. */
export function shareOf(a: Sums): string {
  const of = a.produced - a.used - a.gap
  return of > 0 ? `${(((a.on_hand + a.destroyed + a.remedied + a.returning + a.back) / of) * 100).toFixed(1)}%` : '—'
}
/** µs in words. */
export const took = (micros: number | null | undefined): string => (micros == null ? '' : micros < 1_000_000 ? `${(micros / 1_000).toFixed(1)} 毫秒` : `${(micros / 1_000_000).toFixed(2)} 秒`)
