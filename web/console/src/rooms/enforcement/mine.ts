/** What a business reads of how far a case against it has come. */
import type { Look } from '@/kit/words'
import type { Answer } from '@/api'

export type MyCase = Answer<'GET /api/enforcement/mine'>[number]
const LOOKS: Record<string, Pick<Look, 'tone' | 'mark'>> = {
  notice: { tone: 'warn', mark: '▲' },
  hearing: { tone: 'info', mark: '◆' },
  working: { tone: 'info', mark: '◑' },
  decided: { tone: 'warn', mark: '▲' },
  late: { tone: 'bad', mark: '!' },
  kept: { tone: 'warn', mark: '■' },
  performed: { tone: 'ok', mark: '●' },
  exempt: { tone: 'ok', mark: '●' },
}
export const stageOf = (c: MyCase): Look => ({ text: c.stage_name, ...(LOOKS[c.stage] ?? { tone: 'idle', mark: '○' }) })
/** What the days of a time limit are for. */
const FOR: Record<string, string> = {
  statement: '可以陈述、申辩',
  payment: '缴清罚没款',
  payment_later: '缴清罚没款',
  urging: '履行处罚决定',
  seven: '机关应作出处理决定',
  term: '查封、扣押期满',
  longer: '查封、扣押期满',
}
export const purposeOf = (code: string): string => FOR[code] ?? ''
