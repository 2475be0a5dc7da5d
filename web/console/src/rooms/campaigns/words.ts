/** What campaigns are called. */
import type { Answer, Items } from '@/api'
import type { Look } from '@/kit/words'

export type Campaign = Items<'GET /api/campaigns'>
export type Detail = Answer<'GET /api/campaigns/{id}'>
export type Batch = Items<'GET /api/campaigns/{id}/batches'>
export type Option = Detail['options'][number]

const look = (text: string, tone: Look['tone'], mark: string): Look => ({ text, tone, mark })
export const STATES: Record<string, Look> = { draft: look('草稿', 'idle', '○'), open: look('正在征集', 'info', '◔'), closed: look('待抽取', 'warn', '▲'), drawn: look('正在抽检', 'info', '◐'), ended: look('已结束', 'ok', '●') }
export const BATCHES: Record<string, Look> = {
  open: look('待派发', 'warn', '○'), planned: look('待抽样', 'info', '○'), taken: look('送检中', 'info', '◔'), testing: look('检验中', 'info', '◐'), conforms: look('合格', 'ok', '●'),
  fails: look('不合格', 'bad', '■'), none: look('未出结论', 'idle', '×'),
}
export const STAGES: Record<string, string> = { produce: '生产', trade: '流通', catering: '餐饮' }
export const SOURCES: Record<string, string> = { province: '省级', city: '市级', county: '县级' }
export const nameOf = (options: Option[], part: string, code: string): string => options.find((o) => o.part === part && o.code === code)?.name ?? code
/** Votes of the options of a part, the most first. */
export function ranked(d: Detail, part: string): { name: string; votes: number }[] {
  const votes = (code: string): number => d.counts.filter((c) => c.part === part && c.code === code).reduce((n, c) => n + c.votes, 0)
  return d.options.filter((o) => o.part === part).map((o) => ({ name: o.name, votes: votes(o.code) })).sort((a, b) => b.votes - a.votes)
}
