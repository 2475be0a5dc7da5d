/** Codes of cases of enforcement in the words people use; sums in yuan. */
import { ask, type EnforcementCase, type PenaltyTables } from '@/api'
import type { Look } from '@/kit/words'

export const SOURCES: Record<string, string> = { inspection: '监督检查', sample: '抽检', complaint: '投诉举报', transfer: '其他部门移送', assigned: '上级交办', finding: '问题闭环转来', simple: '简易程序转来' }
export const PROCEDURES: Record<string, string> = { case: '普通程序', case_simple: '简易程序' }
export const STATUSES: Record<string, Look> = {
  lead: { text: '线索核查', tone: 'warn', mark: '○' },
  spot: { text: '当场调查', tone: 'warn', mark: '○' },
  investigating: { text: '调查取证', tone: 'info', mark: '◔' },
  review: { text: '审核', tone: 'info', mark: '◑' },
  notice: { text: '处罚告知', tone: 'info', mark: '◑' },
  hearing: { text: '听证', tone: 'info', mark: '◆' },
  deciding: { text: '处罚决定', tone: 'warn', mark: '◕' },
  executing: { text: '送达执行', tone: 'info', mark: '◕' },
  closed: { text: '办结', tone: 'ok', mark: '●' },
}
const OUTCOMES: Record<string, string> = { archived: '已结案', not_filed: '不予立案', withdrawn: '已撤案', transferred: '已移送', ordinary: '转普通程序', no_penalty: '不予处罚', unfounded: '线索不成立', terminated: '已终止', void: '已作废' }
export function stateOf(c: EnforcementCase): Look {
  if (c.outcome) return { text: OUTCOMES[c.outcome] ?? c.outcome, tone: c.outcome === 'archived' ? 'ok' : 'idle', mark: c.outcome === 'archived' ? '●' : '■' }
  return STATUSES[c.status] ?? { text: c.status, tone: 'idle', mark: '◇' }
}
export const EVIDENCE_KINDS: Record<string, string> = { audiovisual: '视听资料', document: '书证', thing: '物证', data: '电子数据', witness: '证人证言', statement: '当事人的陈述', opinion: '鉴定意见', record: '勘验笔录、现场笔录' }

/** Fen as yuan: `12,345.60`; whole yuan without the fraction. */
export function yuan(fen: number | null | undefined): string {
  if (fen == null) return '—'
  const rest = Math.abs(fen % 100)
  return `${Math.trunc(fen / 100).toLocaleString('en-US')}${rest ? `.${String(rest).padStart(2, '0')}` : ''}`
}
/** What was typed in yuan as fen; `null` where it is no sum. */
export function fen(text: string): number | null {
  const m = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text.replace(/[,，\s]/g, ''))
  return m ? Number(m[1]) * 100 + Number((m[2] ?? '').padEnd(2, '0') || 0) : null
}

let held: Promise<PenaltyTables> | null = null
/** The penalty table; asked for once. */
export function tables(): Promise<PenaltyTables> {
  held ??= ask('GET /api/enforcement/penalties').catch((e: unknown) => {
    held = null
    throw e
  })
  return held
}
