import type { RecordState } from '@/store/db'

export const SOURCES: Record<string, string> = { inspection: '监督检查', sample: '抽检', camera: '明厨亮灶', model: '风险模型', complaint: '投诉举报', self_check: '企业自查', exchange: '部门通报' }
export const SEVERITIES: Record<string, string> = { minor: '轻微', general: '一般', serious: '严重' }
export const STATUSES: Record<string, { name: string; tone: string }> = {
  found: { name: '待派发', tone: 'warn' },
  mending: { name: '整改中', tone: 'warn' },
  verifying: { name: '待复查', tone: 'info' },
  case: { name: '调查处理', tone: 'bad' },
  closed: { name: '已闭环', tone: 'ok' },
  dismissed: { name: '不属实', tone: '' },
  filed: { name: '已立案', tone: 'bad' },
}
export const DOUBTS: Record<string, string> = {
  reused: '与其他问题的照片相同',
  far: '拍摄地离主体超过 500 米',
  no_place: '没有位置',
  clock: '设备时间不可靠',
  album: '不是在应用内拍摄',
  edited: '经过修图软件',
  unread: '打不开的照片',
}
const STATES: Record<RecordState, { name: string; tone: string }> = {
  waiting: { name: '待上传', tone: 'info' },
  sending: { name: '正在上传', tone: 'info' },
  refused: { name: '没有被接受', tone: 'bad' },
  sent: { name: '已送达', tone: 'ok' },
}
export const stateOf = (s: RecordState): { name: string; tone: string } => STATES[s]
