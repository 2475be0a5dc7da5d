/** Words of rapid tests. */
import type { Look } from '@/kit/words'
import { lasted } from '../cases/words'

export const RESULTS: Record<string, Look> = {
  negative: { text: '阴性', tone: 'ok', mark: '−' }, positive: { text: '阳性', tone: 'bad', mark: '＋' }, suspect: { text: '可疑', tone: 'warn', mark: '？' }, invalid: { text: '无效', tone: 'idle', mark: '×' },
}
export { GOODS } from '@/kit/rapid'
export const CHANNELS: Record<string, string> = { form: '网页', xlsx: '表格', http: '程序', device: '设备' }
export const POINT_KINDS: Record<string, string> = { market: '市场', bureau: '监管部门', school: '学校', business: '企业' }
export const STATUSES: Record<string, Look> = {
  positive: { text: '待复测', tone: 'warn', mark: '▲' }, confirmed: { text: '待法定检验', tone: 'bad', mark: '■' }, statutory: { text: '法定检验中', tone: 'info', mark: '◐' },
  released: { text: '已解除', tone: 'ok', mark: '●' }, failed: { text: '法定检验不合格', tone: 'bad', mark: '■' }, settled: { text: '无异议，已转处理', tone: 'idle', mark: '○' },
}
export const FLAGS: Record<string, string> = { told: '已告知被检测人', objected: '被检测人申请复检', unobjected: '被检测人无异议', late: '逾期未复测', late_order: '逾期未送检' }
export const DOUBTS: Record<string, string> = { reused: '别的检测用过同一张', clock: '拍摄时间不对', album: '从相册选取', edited: '用修图软件处理过', unread: '读不出照片信息' }
export const LINES: Record<string, Look> = {
  off: { text: '没有接入', tone: 'idle', mark: '○' }, waiting: { text: '未连接', tone: 'warn', mark: '▲' }, connected: { text: '已连接', tone: 'ok', mark: '●' },
}
export const DEVICES: Record<string, Look> = { active: { text: '在用', tone: 'ok', mark: '●' }, withdrawn: { text: '已注销', tone: 'idle', mark: '○' } }

/** What is left of a deadline, in words. */
export function dueIn(due: number, now: number): Look {
  if (due <= now) return { text: `已超 ${lasted(now - due)}`, tone: 'bad', mark: '■' }
  return { text: `还剩 ${lasted(due - now)}`, tone: due - now < 3_600_000 ? 'bad' : 'warn', mark: due - now < 3_600_000 ? '▲' : '◔' }
}
/** `2.1%`, with the interval of Wilson. */
export const percent = (share: number): string => `${(share * 100).toFixed(1)}%`
