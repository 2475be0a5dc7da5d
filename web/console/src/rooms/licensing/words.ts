import type { Look } from '@/kit/words'

const look = (text: string, tone: Look['tone'], mark: string): Look => ({ text, tone, mark })
export const PERMIT_STATES: Record<string, Look> = {
  submitted: look('待受理', 'info', '◐'), filed: look('待核对公示', 'info', '◐'), mending: look('待补正', 'warn', '▲'), reviewing: look('审查中', 'info', '◐'),
  visiting: look('现场核查', 'info', '◐'), deciding: look('待决定', 'info', '◐'), issuing: look('待颁证', 'info', '◐'), done: look('已办结', 'ok', '●'), ended: look('未准予', 'idle', '○'),
}
export const OUTCOMES: Record<string, Look> = {
  granted: look('准予', 'ok', '●'), not_accepted: look('不予受理', 'bad', '■'), refused: look('不予许可', 'bad', '■'), withdrawn: look('申请人撤回', 'idle', '○'),
  lapsed: look('逾期未补正', 'idle', '○'), terminated: look('终止', 'idle', '○'), void: look('作废', 'idle', '○'),
}
export const LICENCE_LOOKS: Record<string, Look> = {
  valid: look('有效', 'ok', '●'), expired: look('已过期', 'bad', '■'), replaced: look('已换发', 'idle', '○'), cancelled: look('已注销', 'idle', '○'), revoked: look('已撤销', 'bad', '■'),
}
export const ACTS: Record<string, string> = { new: '新办', change: '变更', renew: '延续', reissue: '补发', cancel: '注销' }
export const MODES: Record<string, string> = { '': '一般程序', commitment: '告知承诺', remote: '远程踏勘' }
export const GROUPS: Record<string, string> = { licence: '许可', local: '小作坊、小餐饮、小食杂店、摊贩', filing: '备案' }
const UNITS: Record<string, string> = { working_days: '个工作日', days: '日', hours: '小时' }
export const period = (p: { unit: string; count: number }): string => (p.count === 0 ? '当日' : `${p.count} ${UNITS[p.unit] ?? p.unit}`)
export const TERMS: Record<string, string> = { accept: '受理或告知补正', decide: '作出决定', more: '可延长', visit: '现场核查', issue: '颁证', publish: '公示' }
export const CERTAINTIES: Record<string, string> = { confirmed: '依法规原文', page: '依公开网页', unconfirmed: '未证实，可由机构改', setting: '本平台设定' }
export const DOUBTS: Record<string, string> = { reused: '与其他主体的照片相同', far: '拍摄地离经营场所远', no_place: '没有位置', clock: '时间不可信', album: '不是现拍', edited: '可能被编辑', unread: '打不开' }
