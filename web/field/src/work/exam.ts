/** 监督抽考 on the phone: a paper that was drawn beforehand, answered by the person examined, marked here and again by the server. */
import type { Shot } from '@/kit/photo'
import type { NewRecord, Pack } from './visits'

export type PackExam = NonNullable<Pack['exam']>
export type Question = PackExam['papers'][number]['questions'][number]
export interface ExamDraft {
  /** Of the paper, from 1. */
  no: number
  post: string
  /** The family name only: the whole name is kept nowhere. */
  family: string
  started_at: number
  /** 0: not handed in yet. */
  ended_at: number
  /** The question that is shown. */
  at: number
  /** Letters by code of the question. */
  chosen: Record<string, string>
  shot: Shot | null
}
export const FORMS: Record<string, string> = { judge: '判断题', single: '单选题', multi: '多选题（多选、少选都不得分）' }
export const letter = (i: number): string => 'ABCD'[i] ?? ''
export const begin = (no: number): ExamDraft => ({ no, post: 'officer', family: '', started_at: 0, ended_at: 0, at: 0, chosen: {}, shot: null })
/** As records and paper have it: 张*. */
export const masked = (e: ExamDraft): string => `${[...e.family.trim()][0] ?? ''}*`
export const questions = (exam: PackExam, e: ExamDraft): Question[] => exam.papers.find((p) => p.no === e.no)?.questions ?? []
export const fits = (q: Question, chosen: string | undefined): boolean => [...(chosen ?? '')].sort().join('') === q.right
/** A choice is tapped: one of several takes its place, of several right ones it comes or goes. */
export function tapped(q: Question, chosen: string, choice: string): string {
  if (q.form !== 'multi') return choice
  return (chosen.includes(choice) ? chosen.replace(choice, '') : chosen + choice).split('').sort().join('')
}
export interface Result {
  score: number
  pass: number
  passed: boolean
  post: string
  wrong: { q: Question; chosen: string }[]
}
export function result(exam: PackExam, e: ExamDraft): Result {
  const all = questions(exam, e)
  const wrong = all.filter((q) => !fits(q, e.chosen[q.code])).map((q) => ({ q, chosen: e.chosen[q.code] ?? '' }))
  const post = exam.posts.find((p) => p.post === e.post)
  const score = all.length ? Math.floor(((all.length - wrong.length) * 100) / all.length) : 0
  return { score, pass: post?.pass ?? 100, passed: score >= (post?.pass ?? 100), post: post?.name ?? '', wrong }
}
/** In one line, as the server says it. */
export function line(exam: PackExam, e: ExamDraft): string {
  const r = result(exam, e)
  return `${r.post} ${masked(e)}：${r.score} 分（${r.pass} 分合格），${r.passed ? '合格' : '不合格'}`
}
/** Papers that were handed in, as the contract has them. */
export function toExams(exam: PackExam | null | undefined, list: ExamDraft[]): NewRecord['exams'] {
  if (!exam) return []
  return list
    .filter((e) => e.ended_at)
    .map((e) => ({
      no: e.no,
      bank: exam.bank,
      version: exam.version,
      post: e.post,
      name: masked(e),
      started_at: e.started_at,
      ended_at: e.ended_at,
      answers: questions(exam, e).map((q) => ({ question: q.code, chosen: e.chosen[q.code] ?? '' })),
      file: e.shot?.hash ?? '',
    }))
}
