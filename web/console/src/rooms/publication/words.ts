/** What the schedule of publication is called, where an item stands, and the page of what it came from. */
import type { Answer, Items } from '@/api'
import type { Look } from '@/kit/words'

export type Item = Items<'GET /api/publication/schedule'>
export type Term = Answer<'GET /api/publication/terms'>[number]

const look = (text: string, tone: Look['tone'], mark: string): Look => ({ text, tone, mark })
export const STATES: Record<string, Look> = {
  waiting: look('待公示', 'info', '○'), shown: look('公示中', 'ok', '●'), held: look('已暂缓', 'warn', '‖'), late: look('暂缓已逾期', 'bad', '■'),
  ended: look('已到期', 'idle', '○'), withdrawn: look('已撤下', 'idle', '×'),
}
/** The state by the times alone, as the server filters by it. */
export function stateOf(i: Item, now: number): string {
  if (i.withdrawn_at) return 'withdrawn'
  if (i.until_at && i.until_at <= now) return 'ended'
  if (i.hold_reason) return i.due_at <= now ? 'late' : 'held'
  return i.from_at > now ? 'waiting' : 'shown'
}

export function termText(t: Term): string {
  const unit = { working_days: '个工作日', days: '日', hours: '小时' }[t.after.unit]
  return t.after.count ? `形成之日起 ${t.after.count} ${unit}内公示` : '形成当日公示'
}
export function spanText(t: Term): string {
  return t.months ? `公示 ${t.months % 12 ? `${t.months} 个月` : `${t.months / 12} 年`}` : '公示至失效'
}

/** The page of what an item came from, and what the asker must be permitted to see there. */
export function sourceOf(i: Item): { to: string; name: string; need: string } | null {
  // a conclusion that was published again bears the sample's id with a mark behind it
  const id = i.about.slice(0, 36)
  if (id.length < 36) return null
  switch (i.kind) {
    case 'inspection': return { to: `/visits/${id}`, name: '检查记录', need: 'inspection.read' }
    case 'penalty':
    case 'penalty_light': return { to: `/cases/${id}`, name: '处罚案件', need: 'enforcement.read' }
    case 'serious': return { to: `/cases/${id}`, name: '列入案卷', need: 'credit.list' }
    case 'red': return { to: `/risk/${i.party}`, name: '信用档案', need: 'credit.read' }
    case 'sample': return { to: `/samples/${id}`, name: '样品', need: 'sampling.read' }
    default: return null
  }
}
