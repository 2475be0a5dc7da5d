/** Codes of reports in the words people use, and the lists behind what rooms count. */
import type { Look } from '@/kit/words'
import type { Frame } from './figures'

export const STATES: Record<string, Look> = {
  waiting: { text: '等候生成', tone: 'idle', mark: '◔' },
  done: { text: '已生成', tone: 'ok', mark: '●' },
  partial: { text: '缺少文件', tone: 'warn', mark: '▲' },
  failed: { text: '没有生成', tone: 'bad', mark: '■' },
}
export const CAUSES: Record<string, string> = { schedule: '按时', missed: '补制', asked: '手工' }
export const UNITS: Record<string, string> = { week: '每周', month: '每月', year: '每年' }

/** The list behind a figure that a room counts, where there is one that counts the same. */
export function counted(code: string, f: Frame): string | null {
  const days = `division=${f.division}&from=${f.from}&to=${f.to}`
  const lists: Record<string, string> = {
    findings: `/findings?${days}&measure=found`,
    'findings.serious': `/findings?${days}&measure=found&severity=serious`,
  }
  return lists[code] ?? null
}
