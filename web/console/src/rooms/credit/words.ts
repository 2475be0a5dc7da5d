/** Grades and causes in words. */
import type { Look } from '@/kit/words'

export const GRADES: Record<string, Look> = {
  A: { text: '级', tone: 'ok', mark: 'A' }, B: { text: '级', tone: 'info', mark: 'B' }, C: { text: '级', tone: 'warn', mark: 'C' }, D: { text: '级', tone: 'bad', mark: 'D' },
}
export const CAUSES: Record<string, string> = { first: '首次评定', yearly: '年度评定', monthly: '月度评定', event: '情况变化', adjust: '人工调整', rules: '规则更新' }
export const PARTS: Record<string, string> = { static: '静态风险', dynamic: '动态风险', credit: '信用风险', up: '上调等级', down: '下调等级', to_d: '直接定级' }
export const FILE_PARTS: Record<string, string> = { licence: '许可', inspection: '监督检查', sampling: '抽检', penalty: '处罚', complaint: '投诉举报', commitment: '承诺', other: '其他' }
export const LISTS: Record<string, Look> = { red: { text: '红名单', tone: 'ok', mark: '★' }, serious: { text: '严重违法失信', tone: 'bad', mark: '■' } }
export const SIDES: Record<string, Look> = { punish: { text: '惩戒', tone: 'bad', mark: '▼' }, incent: { text: '激励', tone: 'ok', mark: '▲' } }
export const visits = (least: number, most: number): string => (least === most ? `${least} 次` : `${least} 至 ${most} 次`)
