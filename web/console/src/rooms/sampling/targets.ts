/** Proposals of targeted sampling. */
import type { Items } from '@/api'
import type { Look } from '@/kit/words'
export type Target = Items<'GET /api/sample-targets'>
export const TARGETS: Record<string, Look> = {
  open: { text: '待处理', tone: 'warn', mark: '▲' },
  taken: { text: '已采纳', tone: 'ok', mark: '●' },
  declined: { text: '不采纳', tone: 'idle', mark: '○' },
  lapsed: { text: '已失效', tone: 'idle', mark: '◇' },
}
export const SURE: Record<string, string> = { setting: '本平台设定，可由辖区调整，不是法律', confirmed: '依据文件', practice: '通行做法' }
/** A class of food without its number, for a title. */
export const plain = (name: string): string => name.replace(/^[\d.]+\s+/, '')
