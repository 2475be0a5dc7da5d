/** Codes of the server in the words people use. */
import type { Tone } from './tone'

export const KINDS: Record<string, string> = {
  harvest: '采收', produce: '生产', pack: '包装', unpack: '拆包', ship: '发货', receive: '收货', refuse: '拒收', return: '退货',
  sell: '销售', loss: '损耗', destroy: '销毁', stocktake: '盘点', observe: '观测', opening: '期初',
}
export const ROLES: Record<string, string> = {
  system_admin: '系统管理员', security_admin: '安全管理员', audit_admin: '审计管理员', leader: '分管领导', officer: '监管人员',
  investigator: '追溯排查员', business_owner: '企业负责人', business_clerk: '企业录入员', public: '公众',
}
export const CHANNELS: Record<string, string> = { form: '网页', xlsx: '表格', api: '接口', epcis: 'EPCIS', network: '网络文件', simulator: '模拟' }

export interface Look {
  text: string
  tone: Tone
  mark: string
}
const look = (text: string, tone: Tone, mark: string): Look => ({ text, tone, mark })

/** Files of products and lots. */
export const FILE_KINDS: Record<string, string> = { licence: '资质证照', label: '标签', picture: '图片', test_report: '检验报告', certificate: '合格证' }
export const CONCLUSIONS: Record<string, Look> = { pass: look('合格', 'ok', '●'), fail: look('不合格', 'bad', '■') }
export const PARTY_STATES: Record<string, Look> = {
  active: look('正常', 'ok', '●'), suspended: look('停业', 'warn', '◐'), closed: look('注销', 'idle', '○'), revoked: look('吊销', 'bad', '■'),
}
export const LICENCE_STATES: Record<string, Look> = {
  valid: look('有效', 'ok', '●'), expiring: look('临期', 'warn', '▲'), expired: look('过期', 'bad', '■'), unknown: look('期限不明', 'idle', '◇'),
}
export const LOT_STATES: Record<string, Look> = { stock: look('库存', 'info', '■'), transit: look('在途', 'warn', '▶') }
export const JOB_STATES: Record<string, Look> = {
  queued: look('等候', 'idle', '○'), running: look('进行中', 'info', '◐'), done: look('已完成', 'ok', '●'), failed: look('未成', 'bad', '■'), cancelled: look('已取消', 'idle', '○'),
}
export const USER_STATES: Record<string, Look> = { active: look('正常', 'ok', '●'), locked: look('锁定', 'bad', '■'), disabled: look('停用', 'idle', '○') }
export const PRODUCT_STATES: Record<string, Look> = { active: look('在产在售', 'ok', '●'), withdrawn: look('已停用', 'idle', '○') }
export const CASE_STATES: Record<string, Look> = { open: look('排查中', 'info', '◐'), frozen: look('已固定', 'ok', '■'), closed: look('已结束', 'idle', '○') }
export const OUTCOMES: Record<string, Look> = { ok: look('成功', 'ok', '●'), refused: look('拒绝', 'warn', '▲'), failed: look('失败', 'bad', '■') }

export function lookOf(table: Record<string, Look>, code: string): Look {
  return table[code] ?? look(code || '不明', 'idle', '◇')
}
export const options = (table: Record<string, string | Look>): { value: string; label: string }[] =>
  Object.entries(table).map(([value, v]) => ({ value, label: typeof v === 'string' ? v : v.text }))
