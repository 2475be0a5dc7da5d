/** What cases say of time, in words. */
import type { Look } from '@/kit/words'
import { time } from '@/kit/format'
import type { CaseView, ClockView } from '@/api'

export const PHASES: Record<string, Look> = {
  open: { text: '办理中', tone: 'info', mark: '◐' },
  suspended: { text: '已挂起', tone: 'warn', mark: '‖' },
  done: { text: '已办结', tone: 'ok', mark: '●' },
  terminated: { text: '已终止', tone: 'idle', mark: '■' },
  void: { text: '已作废', tone: 'idle', mark: '×' },
}
export const RUNS: Record<string, Look> = {
  running: { text: '计算中', tone: 'info', mark: '◐' },
  paused: { text: '中止计算', tone: 'warn', mark: '‖' },
  stopped: { text: '已结束', tone: 'ok', mark: '●' },
  expired: { text: '已届满', tone: 'bad', mark: '■' },
}
const UNITS: Record<string, string> = { working_days: '个工作日', days: '日', hours: '小时' }

/** The look of the whole: its status while it goes on, how it ended after that. */
export function stateOf(c: Pick<CaseView, 'phase' | 'status_name'>): Look {
  if (c.phase === 'open') return { text: c.status_name, tone: 'info', mark: '◐' }
  if (c.phase === 'suspended') return { text: `${c.status_name}（已挂起）`, tone: 'warn', mark: '‖' }
  return c.phase === 'done' ? { text: c.status_name, tone: 'ok', mark: '●' } : PHASES[c.phase]!
}

/** What is left of a clock, as the statute counts it. */
export function leftOf(c: ClockView): Look {
  if (c.state === 'expired') return { text: `${c.last_day} 已届满`, tone: 'bad', mark: '■' }
  if (c.state === 'stopped') return RUNS.stopped!
  if (!c.left) return { text: `${c.last_day} 已届满，系统正在处理`, tone: 'bad', mark: '■' }
  const { unit, count } = c.left
  const amount = `${count} ${UNITS[unit] ?? unit}`
  if (c.state === 'paused') return { text: `中止计算，还剩 ${amount}`, tone: 'warn', mark: '‖' }
  if (count === 0) return { text: unit === 'hours' ? '不到 1 小时' : '今天是最后一天', tone: 'bad', mark: '▲' }
  return { text: `还剩 ${amount}`, tone: count <= 2 ? 'warn' : 'info', mark: count <= 2 ? '▲' : '◔' }
}

/** `3 天 4 小时`, `25 分钟`. */
export function lasted(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000))
  if (minutes < 1) return '不到 1 分钟'
  if (minutes < 60) return `${minutes} 分钟`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 ? `${hours} 小时 ${minutes % 60} 分` : `${hours} 小时`
  const days = Math.floor(hours / 24)
  return hours % 24 ? `${days} 天 ${hours % 24} 小时` : `${days} 天`
}
export const until = (ms: number | null | undefined): string => (ms == null ? '至今' : `至 ${time(ms)}`)
