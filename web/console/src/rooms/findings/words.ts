/** Codes of findings in the words people use. */
import type { Finding } from '@/api'
import type { Look } from '@/kit/words'

export const SOURCES: Record<string, string> = { inspection: '监督检查', sample: '抽检', camera: '明厨亮灶', model: '风险模型', complaint: '投诉举报', self_check: '企业自查', exchange: '其他部门通报' }
export const SEVERITIES: Record<string, Look> = { minor: { text: '轻微', tone: 'idle', mark: '轻' }, general: { text: '一般', tone: 'warn', mark: '中' }, serious: { text: '严重', tone: 'bad', mark: '重' } }
export const STATUSES: Record<string, Look> = {
  found: { text: '待派发', tone: 'warn', mark: '○' },
  mending: { text: '整改中', tone: 'info', mark: '◔' },
  verifying: { text: '待复查', tone: 'info', mark: '◑' },
  case: { text: '调查处理', tone: 'warn', mark: '◆' },
  closed: { text: '已闭环', tone: 'ok', mark: '●' },
  dismissed: { text: '不属实', tone: 'idle', mark: '×' },
  filed: { text: '已立案', tone: 'bad', mark: '■' },
}
export const STAGES: Record<string, string> = { found: '发现', mend: '整改', verify: '复查' }

/** Where it stands, and late said before all else. */
export function stateOf(f: Finding, now = Date.now()): Look {
  if (f.phase === 'void') return { text: '已作废', tone: 'idle', mark: '×' }
  if (f.phase === 'terminated') return { text: '已终止', tone: 'idle', mark: '■' }
  if (f.closed_at == null && f.mended_at == null && f.due_at != null && f.due_at <= now) return { text: '整改逾期', tone: 'bad', mark: '▲' }
  return STATUSES[f.status] ?? { text: f.status, tone: 'idle', mark: '◇' }
}
/** The last day in time: what the server keeps is the first moment too late. */
export const lastMoment = (due: number | null | undefined): number | null => (due == null ? null : due - 1)

/** What a mark on a piece of evidence means, and what to do about it. */
export const DOUBTS: Record<string, { name: string; means: string; tone: 'warn' | 'bad' }> = {
  reused: { name: '用过的照片', means: '另一个问题已经交过同一张、或看起来一样的照片。请对照两张的时间和内容。', tone: 'bad' },
  far: { name: '不在现场', means: '拍摄位置离主体超过 500 米（已扣除定位误差）。', tone: 'bad' },
  no_place: { name: '没有位置', means: '拍摄时手机没有定位，无法确认在哪里拍的。', tone: 'warn' },
  clock: { name: '时间可疑', means: '手机没有报时间、比服务器快 10 分钟以上，或是三天以前拍的。', tone: 'warn' },
  album: { name: '来自相册', means: '不是当场拍的，是从手机相册里选的。', tone: 'warn' },
  edited: { name: '修过图', means: '照片里留有修图软件的名字。', tone: 'bad' },
  unread: { name: '读不出', means: '文件说自己是照片，但打不开。请当面核实或请对方重拍。', tone: 'bad' },
}
