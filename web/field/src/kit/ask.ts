/** A question before what cannot be undone. */
import { reactive } from 'vue'
export const question = reactive({ title: '', text: '', yes: '', answer: null as ((yes: boolean) => void) | null })
export function sure(title: string, text: string, yes: string): Promise<boolean> {
  return new Promise((resolve) => Object.assign(question, { title, text, yes, answer: resolve }))
}
export function reply(yes: boolean): void {
  question.answer?.(yes)
  question.answer = null
}
