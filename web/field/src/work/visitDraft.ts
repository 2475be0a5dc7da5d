/** A visit while it is written: pinned to the checklist it began with; what is missing is said before it is handed in. */
import { markRaw } from 'vue'
import type { Fix } from '@/kit/geo'
import { day } from '@/kit/format'
import type { Shot } from '@/kit/photo'
import { result, toExams, type ExamDraft } from './exam'
import { device, type CheckItem, type NewRecord, type Pack } from './visits'

export type Verdict = '' | 'ok' | 'bad' | 'na'
export interface Answer {
  verdict: Verdict
  note: string
  severity: 'minor' | 'general' | 'serious'
  shots: Shot[]
  on_the_spot: boolean
  after: Shot[]
  due: string
}
/** Who signed: the name, and the hash of the picture. */
export interface Signed {
  name: string
  post: string
  shot: Shot | null
}
export interface VisitDraft {
  of: string
  title: string
  party_name: string
  pack: Pack
  step: 'start' | 'list' | 'exam' | 'sign'
  started_at: number
  fix: Fix | null
  answers: Record<string, Answer>
  /** 监督抽考; a draft of before has none. */
  exams?: ExamDraft[]
  opinion: string
  due: string
  /** By user. */
  officers: Record<string, Shot | null>
  business: Signed
  refused: boolean
  refusal: { reason: string; witness: string; shot: Shot | null }
}
const DAY = 86_400_000

export function begin(pack: Pack, now = Date.now()): VisitDraft {
  return {
    of: pack.visit.id,
    title: pack.visit.name,
    party_name: pack.visit.kind_name,
    pack: markRaw(pack),
    step: 'start',
    started_at: 0,
    fix: null,
    answers: {},
    exams: [],
    opinion: '',
    due: day(now + 7 * DAY),
    officers: {},
    business: { name: '', post: '负责人', shot: null },
    refused: false,
    refusal: { reason: '', witness: '', shot: null },
  }
}
export const blank = (): Answer => ({ verdict: '', note: '', severity: 'general', shots: [], on_the_spot: false, after: [], due: '' })

export interface Gap {
  /** Code of the item, or the part of the last page. */
  at: string
  text: string
}
/** What the law's form still wants of one item; '' where nothing. */
export function gap(item: CheckItem, a: Answer | undefined): string {
  if (!a?.verdict) return '还没有结果'
  const photos = a.shots.length > 0
  if (a.verdict !== 'bad') return item.photo === 'always' && a.verdict === 'ok' && !photos ? '这一项须拍照' : ''
  if (!a.note.trim()) return '请写明不符合的情况'
  if (item.photo !== 'never' && !photos) return '不符合的须拍照'
  if (a.on_the_spot && a.severity === 'serious') return '影响食品安全的不能以当场改正了结'
  if (a.on_the_spot && !a.after.length) return '当场改正的须有改正后的照片'
  return ''
}
/** Items that must be answered: all where the kind asks for the whole, else those that were touched (one at the least). */
export function missing(d: VisitDraft): Gap[] {
  const out: Gap[] = []
  for (const item of d.pack.checklist.items) {
    const a = d.answers[item.code]
    if (!a?.verdict && !d.pack.kind.whole) continue
    const text = gap(item, a)
    if (text) out.push({ at: item.code, text })
  }
  if (!answered(d)) out.push({ at: 'list', text: '还没有检查任何一项' })
  return out
}
export const answered = (d: VisitDraft): number => Object.values(d.answers).filter((a) => a.verdict).length
export const bad = (d: VisitDraft): { item: CheckItem; a: Answer }[] =>
  d.pack.checklist.items.flatMap((item) => {
    const a = d.answers[item.code]
    return a?.verdict === 'bad' ? [{ item, a }] : []
  })
/** Papers that were handed in and not passed. */
export const failed = (d: VisitDraft): ExamDraft[] => (d.pack.exam ? (d.exams ?? []).filter((e) => e.ended_at && !result(d.pack.exam!, e).passed) : [])
export function unsigned(d: VisitDraft, now = Date.now()): Gap[] {
  const out: Gap[] = []
  if ((d.exams ?? []).some((e) => !e.ended_at)) out.push({ at: 'exam', text: '有一份抽考还没有交卷' })
  const signed = d.pack.visit.officers.filter((o) => d.officers[o.user]).length
  if (signed < 2) out.push({ at: 'officers', text: `检查人员不少于两人签字，还差 ${2 - signed} 人` })
  if (d.refused) {
    if (!d.refusal.reason.trim()) out.push({ at: 'refusal', text: '请写明拒签理由' })
    if (!d.refusal.witness.trim()) out.push({ at: 'refusal', text: '请写见证人姓名' })
    if (!d.refusal.shot) out.push({ at: 'refusal', text: '请见证人签字，或录像' })
  } else {
    if (!d.business.name.trim()) out.push({ at: 'business', text: '请写被检查单位签字人的姓名' })
    if (!d.business.shot) out.push({ at: 'business', text: '请被检查单位签字；拒绝签字的请选“拒签”' })
  }
  const ordered = bad(d).filter(({ a }) => !a.on_the_spot && a.severity !== 'serious' && !a.due)
  if ((ordered.length || failed(d).length) && d.due <= day(now)) out.push({ at: 'due', text: '整改期限应晚于今天' })
  return out
}
/** All shots of the visit, each with the item it belongs to. */
export function shotsOf(d: VisitDraft): { shot: Shot; item: string }[] {
  const of = (item: string, list: (Shot | null)[]): { shot: Shot; item: string }[] => list.filter((s): s is Shot => !!s).map((shot) => ({ shot, item }))
  const items = Object.entries(d.answers).flatMap(([code, a]) => (a.verdict ? of(code, [...a.shots, ...(a.verdict === 'bad' && a.on_the_spot ? a.after : [])]) : []))
  const hands = of('signature', [...Object.values(d.officers), d.refused ? d.refusal.shot : d.business.shot, ...(d.exams ?? []).filter((e) => e.ended_at).map((e) => e.shot)])
  const seen = new Set<string>()
  return [...items, ...hands].filter((s) => !seen.has(s.shot.hash) && seen.add(s.shot.hash))
}
/** The record as the contract has it. */
export function toRecord(d: VisitDraft, client_key: string, ended_at: number): NewRecord {
  const hashes = (list: Shot[]): string[] => list.map((s) => s.hash)
  const answers = d.pack.checklist.items.flatMap((item) => {
    const a = d.answers[item.code]
    if (!a?.verdict) return []
    const base = { item: item.code, verdict: a.verdict, note: a.note.trim(), photos: hashes(a.shots) }
    if (a.verdict !== 'bad') return [base]
    return [{ ...base, severity: a.severity, ...(a.on_the_spot ? { on_the_spot: true, after: hashes(a.after) } : {}), ...(a.due ? { due: a.due } : {}) }]
  })
  const officers = d.pack.visit.officers.flatMap((o) => {
    const shot = d.officers[o.user]
    return shot ? [{ user: o.user, file: shot.hash }] : []
  })
  const { reason, witness, shot } = d.refusal
  const business = d.refused ? { refusal: { reason: reason.trim(), witness: witness.trim(), file: shot?.hash ?? '' } } : { business: { name: d.business.name.trim(), post: d.business.post.trim(), file: d.business.shot?.hash ?? '' } }
  return {
    client_key,
    device: device(),
    started_at: d.started_at,
    ended_at,
    ...(d.fix ? { lon: d.fix.lon, lat: d.fix.lat, accuracy: d.fix.accuracy } : {}),
    answers,
    opinion: d.opinion.trim(),
    due: d.due,
    signatures: { officers, ...business },
    exams: toExams(d.pack.exam, d.exams ?? []),
  }
}
