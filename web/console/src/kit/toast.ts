import { reactive } from 'vue'
import { Problem } from '@/api'

export interface Toast {
  id: number
  tone: 'ok' | 'bad' | 'info'
  text: string
  /** A way back or onward; the toast closes after it. */
  action?: { label: string; run: () => void | Promise<void> }
}
export const toasts = reactive<Toast[]>([])
let next = 1

export function say(text: string, tone: Toast['tone'] = 'ok', action?: Toast['action']): void {
  const id = next++
  toasts.push({ id, tone, text, ...(action ? { action } : {}) })
  setTimeout(() => hush(id), action ? 10_000 : tone === 'bad' ? 8_000 : 4_000)
}
export function hush(id: number): void {
  const i = toasts.findIndex((t) => t.id === id)
  if (i >= 0) toasts.splice(i, 1)
}
/** Tells of a failure that belongs to no field; anything but a refusal goes on up. */
export function complain(e: unknown): void {
  if (e instanceof DOMException && e.name === 'AbortError') return
  if (!(e instanceof Problem)) throw e
  say(e.message, 'bad')
}
