import { reactive } from 'vue'
import { Problem } from '@/api'

/** A word at the foot of the page; one at a time. */
export const toast = reactive({ text: '', bad: false })
let timer = 0
export function say(text: string, bad = false): void {
  Object.assign(toast, { text, bad })
  clearTimeout(timer)
  timer = window.setTimeout(() => (toast.text = ''), bad ? 6_000 : 3_000)
}
export function complain(e: unknown): void {
  if (e instanceof Problem) return say(e.message, true)
  console.error(e)
  const full = e instanceof DOMException && e.name === 'QuotaExceededError'
  say(full ? '手机存储已满，请先清理空间；已保存的记录不受影响' : '应用出错了，已保存的内容不受影响，请返回重试', true)
}
