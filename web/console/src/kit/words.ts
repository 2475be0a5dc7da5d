/** Codes of the server in the words people use. */
import type { Tone } from './tone'

export const KINDS: Record<string, string> = {
  harvest: '采收', produce: '生产', pack: '包装', unpack: '拆包', ship: '发货', receive: '收货', refuse: '拒收', return: '退货',
  sell: '销售', loss: '损耗', destroy: '销毁', stocktake: '盘点', observe: '观测',
}
export const ROLES: Record<string, string> = {
  system_admin: '系统管理员', security_admin: '安全管理员', audit_admin: '审计管理员', leader: '分管领导', officer: '监管人员',
  investigator: '追溯排查员', business_owner: '企业负责人', business_clerk: '企业录入员', public: '公众',
}
/** data/business-kinds.csv */
export const PARTY_KINDS: Record<string, string> = {
  farm: '种植养殖主体', slaughterhouse: '屠宰企业', producer: '食品生产企业', additive: '食品添加剂生产企业', workshop: '食品小作坊', wholesaler: '食品批发企业',
  market: '批发市场和农贸市场', stall: '市场摊位（入场销售者）', distribution_centre: '连锁配送中心', shop: '食品销售店（超市、商店）', small_shop: '小食杂店',
  restaurant: '餐饮服务单位', small_restaurant: '小餐饮店', central_kitchen: '中央厨房', meal_delivery: '集体用餐配送单位', canteen: '集中用餐单位食堂',
  vendor: '食品摊贩', storage: '贮存和冷链物流企业', importer: '进口商', online: '网络食品经营者', other: '其他',
}
export const CHANNELS: Record<string, string> = { web: '网页', phone: '手机', xlsx: '表格', http: '接口', api: '接口', epcis: 'EPCIS', cli: '命令行', simulator: '模拟' }

export interface Look {
  text: string
  tone: Tone
  mark: string
}
const look = (text: string, tone: Tone, mark: string): Look => ({ text, tone, mark })

export const PARTY_STATES: Record<string, Look> = {
  active: look('在业', 'ok', '●'), suspended: look('停业', 'warn', '◐'), closed: look('注销', 'idle', '○'), revoked: look('吊销', 'bad', '■'),
}
export const LICENCE_STATES: Record<string, Look> = {
  valid: look('有效', 'ok', '●'), expiring: look('临期', 'warn', '▲'), expired: look('过期', 'bad', '■'), cancelled: look('注销', 'idle', '○'),
}
export const LOT_STATES: Record<string, Look> = { stock: look('库存', 'info', '■'), transit: look('在途', 'warn', '▶') }
export const JOB_STATES: Record<string, Look> = {
  queued: look('等候', 'idle', '○'), running: look('进行中', 'info', '◐'), done: look('已完成', 'ok', '●'), failed: look('未成', 'bad', '■'), cancelled: look('已取消', 'idle', '○'),
}
export const USER_STATES: Record<string, Look> = { active: look('正常', 'ok', '●'), locked: look('锁定', 'bad', '■'), disabled: look('停用', 'idle', '○') }
export const LEDGER_STATES: Record<string, Look> = {
  transit: look('待收', 'warn', '▶'), received: look('已收', 'ok', '●'), short: look('少收', 'warn', '▲'), refused: look('拒收', 'bad', '■'), declared: look('申报', 'idle', '◇'),
}
export const CASE_STATES: Record<string, Look> = { open: look('排查中', 'info', '◐'), frozen: look('已固定', 'ok', '■'), closed: look('已结束', 'idle', '○') }
export const OUTCOMES: Record<string, Look> = { ok: look('成功', 'ok', '●'), refused: look('拒绝', 'warn', '▲'), failed: look('失败', 'bad', '■') }

export function lookOf(table: Record<string, Look>, code: string): Look {
  return table[code] ?? look(code || '不明', 'idle', '◇')
}
export const options = (table: Record<string, string | Look>): { value: string; label: string }[] =>
  Object.entries(table).map(([value, v]) => ({ value, label: typeof v === 'string' ? v : v.text }))
