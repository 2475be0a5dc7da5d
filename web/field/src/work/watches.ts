/** 处置见证 on the phone, as docs/rooms/recall.md has it: disposals that were announced in the officer's own place, and what was seen of one. */
import { ask, type Answer } from '@/api'
import type { Shot } from '@/kit/photo'
import { fresh, type Kept } from '@/store/kept'

export type Watch = Answer<'GET /api/recall-watches'>[number]
export interface WatchDraft {
  /** Id of the disposal. */
  of: string
  title: string
  party_name: string
  /** '': not said yet. */
  done: '' | 'yes' | 'no'
  opinion: string
  shots: Shot[]
}
/** What goes into the queue. */
export interface WatchWork {
  recall: string
  disposal: string
  party: string
  done: boolean
  opinion: string
  at: number
  shots: Shot[]
}
export const WHATS: Record<string, string> = { destroy: '销毁', harmless: '无害化处理', remedy: '补救后销售' }
export const DONE = ['按报告的时间、地点和方式处置完毕，数量相符', '现场监督销毁，外包装一并毁形', '交无害化处理单位，单据相符']
export const NOT_DONE = ['到场后没有进行处置', '数量与报告不符，已要求重新报告', '处置方式与报告不符']

/** All that wait in the officer's place, the next first: one list holds all that its pages show, so it is on the phone with it. */
export const watches = (): Promise<Kept<Watch[]>> => fresh('recall-watches', () => ask('GET /api/recall-watches'))
export const beginWatch = (w: Watch): WatchDraft => ({ of: w.disposal.id, title: w.disposal.party_name ?? '', party_name: `${w.food} 批号 ${w.batch || '未登记'}`, done: '', opinion: '', shots: [] })
/** What keeps it from being handed in, each as a person reads it. */
export function gaps(d: WatchDraft): string[] {
  const out: string[] = []
  if (!d.done) out.push('请选择处置做完了没有')
  if (d.opinion.trim().length < 2) out.push(d.done === 'no' ? '请写明没有完成的原因' : '请写明监督情况')
  if (d.done === 'yes' && !d.shots.length) out.push('请拍处置现场的照片')
  return out
}
