/** Codes of sampling in the words people use. */
import type { Answer, Items } from '@/api'
import type { Look } from '@/kit/words'

export type SampleRow = Items<'GET /api/samples'>
export type Detail = Answer<'GET /api/samples/{id}'>
export type Sample = Detail['sample']
export type Part = Detail['parts'][number]
export type Judged = Detail['judged'][number]
export type TestResult = Detail['results'][number]
export type Correction = Detail['corrections'][number]
export type Stream = Detail['streams'][number]
export type SpareKept = NonNullable<Detail['spare_kept']>
export type Letter = Detail['letters'][number]
export type Objected = Detail['objections'][number]
export type Media = Detail['media'][number]
export type Assay = Answer<'GET /api/assays/{blind}'>
export type AssayStep = Answer<'GET /api/assays/{blind}/steps'>['steps'][number]
export type LimitRow = Items<'GET /api/limits'>
export type FoodLimit = NonNullable<Judged['limit']>
export type SheetForm = Answer<'GET /api/sample-sheet'>
export type Cell = Answer<'GET /api/sample-plans/{id}'>['cells'][number]
export type Lab = Answer<'GET /api/labs/{id}'>

export const STATUSES: Record<string, Look> = {
  planned: { text: '待抽样', tone: 'warn', mark: '○' },
  taken: { text: '已封样，待送达', tone: 'info', mark: '◔' },
  testing: { text: '检验中', tone: 'info', mark: '◑' },
  failed: { text: '不合格，待送达', tone: 'bad', mark: '■' },
  served: { text: '已送达，可复检异议', tone: 'warn', mark: '◆' },
  recheck: { text: '复检中', tone: 'warn', mark: '◆' },
  disposal: { text: '核查处置', tone: 'bad', mark: '■' },
  closed: { text: '已办结', tone: 'idle', mark: '●' },
}
export const VERDICTS: Record<string, Look> = {
  conforms: { text: '合格', tone: 'ok', mark: '●' },
  fails: { text: '不合格', tone: 'bad', mark: '■' },
  undecided: { text: '未判定', tone: 'warn', mark: '◇' },
  monitored: { text: '不作判定', tone: 'idle', mark: '○' },
}
export const STORAGE: Record<string, string> = { room: '常温', cool: '冷藏', frozen: '冷冻', dark: '避光' }
export const OBJECTED: Record<string, string> = { sampling: '抽样过程', truth: '样品真实性', method: '检验方法', standard: '标准适用' }
export const OBJECTIONS: Record<string, Look> = {
  raised: { text: '待受理', tone: 'warn', mark: '○' },
  accepted: { text: '审核中', tone: 'warn', mark: '◑' },
  refused: { text: '不予受理', tone: 'idle', mark: '×' },
  holds: { text: '成立', tone: 'ok', mark: '●' },
  fails: { text: '不成立', tone: 'bad', mark: '■' },
  ended: { text: '随案办结', tone: 'idle', mark: '×' },
}
export const MODES: Record<string, string> = { inner: '内分离', outer: '外分离', quality: '质分离' }
export const MODE_MEANS: Record<string, string> = {
  inner: '抽样人员可以来自检验机构；抽样、检验、校核、签发各由他人',
  outer: '抽样人员不得来自检验机构',
  quality: '抽样人员不得来自检验机构，签发前由机构以外的人质量复核',
}
export const PLACES: Record<string, string> = { produce: '生产', trade: '流通', catering: '餐饮' }
export const SORTS: Record<string, string> = { supervision: '监督抽检', monitor: '风险监测' }
export const ORDERERS: Record<string, string> = { national: '国抽', province: '省抽', city: '市抽', county: '县抽' }
export const PARTS: Record<string, string> = { test: '检样', spare: '备样' }
export const SIDES: Record<string, string> = { trade: '流通', producer: '生产' }
export const STREAM_STATES: Record<string, Look> = {
  none: { text: '未填报', tone: 'idle', mark: '○' },
  given: { text: '已分派', tone: 'warn', mark: '◔' },
  filled: { text: '待审核', tone: 'info', mark: '◑' },
  passed: { text: '通过', tone: 'ok', mark: '●' },
  returned: { text: '退回', tone: 'bad', mark: '▲' },
}
export const CLOCKS: Record<string, string> = {
  take: '抽样', deliver: '送样', report: '检验', tell: '报送结论', tell_at_once: '报告严重危害', serve: '送达', apply: '复检申请', object: '异议', object_sampling: '抽样过程异议', accept_objection: '异议受理', accept_sampling: '抽样过程异议受理',
  review_sampling: '抽样过程异议审核', admit: '复检受理', draw_lab: '定复检机构', draw_lab_more: '定复检机构（延长）', hand_spare: '移交备样', hand_spare_more: '移交备样（延长）',
  recheck_report: '复检结论', review: '异议审核', dispose: '核查处置', assist: '协查复函',
}
const ENDS: [string, string][] = [['refused', '拒绝抽样'], ['not_found', '未抽到样品'], ['rejected', '样品拒收'], ['overturned', '复检或异议推翻']]

interface Standing { status: string; flags: string[] }
/** Where it stands; an end without a verdict says why. */
export function stateOf(s: Standing): Look {
  const end = ENDS.find(([flag]) => s.flags.includes(flag))
  if (s.status === 'closed' && end) return { text: end[1], tone: 'idle', mark: '×' }
  if (s.status === 'testing') return { text: `检验中：${testing(s.flags)}`, tone: 'info', mark: '◑' }
  return STATUSES[s.status] ?? { text: s.status, tone: 'idle', mark: '◇' }
}
/** How far a recheck is, as its laboratory sees it. */
export function againOf(a: Assay): Look {
  if (a.recheck_verdict === 'upheld') return { text: '复检：维持', tone: 'bad', mark: '■' }
  if (a.recheck_verdict === 'overturned') return { text: '复检：推翻', tone: 'ok', mark: '●' }
  if (a.status !== 'recheck') return { text: '复检：已终止', tone: 'idle', mark: '×' }
  if (a.flags.includes('spare_unfit')) return { text: '复检：备样异常，待监管部门决定', tone: 'bad', mark: '■' }
  if (a.spare_at == null) return { text: '复检：待签收', tone: 'warn', mark: '◔' }
  const step = !a.flags.includes('recheck_entered') ? '待录入' : !a.flags.includes('recheck_verified') ? '待校核' : '待签发'
  return { text: `复检：${step}`, tone: 'warn', mark: '◆' }
}
/** How far a test is. */
function testing(flags: string[]): string {
  if (!flags.includes('entered')) return '待录入'
  if (!flags.includes('verified')) return '待校核'
  return flags.includes('unchecked') ? '待质量复核' : '待签发'
}

/** A bound as it is printed: `≤1 g/kg`, `n=5，c=2，m=100，M=1000 CFU/g`. */
export function boundOf(l: Pick<FoodLimit, 'bound' | 'unit'>): string {
  const b = l.bound
  const unit = l.unit ? ` ${l.unit}` : ''
  switch (b.cmp) {
    case 'most': return `≤${b.value}${unit}`
    case 'under': return `<${b.value}${unit}`
    case 'least': return `≥${b.value}${unit}`
    case 'over': return `>${b.value}${unit}`
    case 'range': return `${b.low}～${b.high}${unit}`
    case 'absent': return '不得检出'
    case 'plan': return `n=${b.n}，c=${b.c}，m=${b.m}${b.top == null ? '' : `，M=${b.top}`}${unit}`
    case 'sum': return `${b.parts.join(' + ')} ≤${b.value}${unit}`
    case 'ratios': return `${b.parts.map((p) => `${p.item}/${p.value}`).join(' + ')} ≤${b.value}`
  }
}
/** A result with its unit, said once. */
export const shown = (result: string, unit?: string): string => (!unit || result.endsWith(unit) || /检出/.test(result) ? result : `${result} ${unit}`)
