/** Messages: how many are not read, for the bell. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { ask, Problem } from '@/api'
import type { Look } from '@/kit/words'

export const useNotices = defineStore('notices', () => {
  const unread = ref(0)
  /** A count is no reason to stop anybody: where it does not come, none is shown. */
  async function load(): Promise<void> {
    try {
      unread.value = (await ask('GET /api/notices/unread')).unread
    } catch (e) {
      if (!(e instanceof Problem)) throw e
    }
  }
  async function read(what: { ids: string[] } | { all: true }): Promise<void> {
    unread.value = (await ask('POST /api/notices/read', { body: what })).unread
  }
  return { unread, load, read }
})

export const KINDS: Record<string, Look> = {
  task: { text: '任务', tone: 'info', mark: '●' },
  returned: { text: '退回', tone: 'warn', mark: '↩' },
  reminder: { text: '到期提醒', tone: 'warn', mark: '▲' },
  urged: { text: '催办', tone: 'bad', mark: '!' },
  expired: { text: '期限届满', tone: 'bad', mark: '■' },
  answered: { text: '委派答复', tone: 'info', mark: '◐' },
  progress: { text: '办理进展', tone: 'info', mark: '◔' },
  ended: { text: '办结', tone: 'ok', mark: '✓' },
}
