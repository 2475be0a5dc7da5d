/** Doing something to a case: what was seen goes along, a double tap is one act, and a case that moved on is told kindly. */
import { ref, type Ref } from 'vue'
import { ask, newKey, Problem, type CaseView, type Defect } from '@/api'
import type { ApiContract } from '@/api/schema'
import { complain } from '@/kit/toast'

export type Act = ApiContract['POST /api/cases/{id}/acts']['body']
export interface Acting<V> {
  busy: Ref<boolean>
  /** By field: `form/due`, `note`, `op/to`. */
  errors: Ref<Record<string, string>>
  defects: Ref<Defect[]>
  /** Somebody else was quicker: what was typed stays. */
  moved: Ref<boolean>
  /** Answers the case as it is afterwards; `null` where it was refused. */
  act: (body: Partial<Act>) => Promise<V | null>
  clear: () => void
}

/** How an act is sent: to the case itself, unless a page has an address of its own for it. */
export type Send<V> = (body: Act, key: string) => Promise<V>

export function useActing<V = CaseView>(seen: () => { id: string; seq: number }, send?: Send<V>): Acting<V> {
  const busy = ref(false)
  const errors = ref<Record<string, string>>({})
  const defects = ref<Defect[]>([])
  const moved = ref(false)
  let key = newKey()
  let last = ''

  function clear(): void {
    errors.value = {}
    defects.value = []
    moved.value = false
  }
  async function act(body: Partial<Act>): Promise<V | null> {
    if (busy.value) return null
    clear()
    const { id, seq } = seen()
    // the same content keeps its key, also where no answer came: sent twice, done once
    const text = JSON.stringify([id, body])
    if (text !== last) [key, last] = [newKey(), text]
    busy.value = true
    try {
      const whole = { note: '', form: {}, ...body, seen: seq, client_key: key } as Act
      const done = send ? await send(whole, key) : ((await ask('POST /api/cases/{id}/acts', { path: { id }, body: whole, key })) as V)
      last = ''
      return done
    } catch (e) {
      if (!(e instanceof Problem)) throw e
      if (e.code === 'case_moved_on') moved.value = true
      else if (e.field) {
        errors.value = { [place(e.field)]: e.message }
        setTimeout(() => document.querySelector<HTMLElement>('.act-form [aria-invalid=true], .act-form .pick.bad input')?.focus(), 0)
      } else if (e.defects.length) defects.value = e.defects
      else complain(e)
      if (e.status !== 0 && e.status < 500) last = ''
      return null
    } finally {
      busy.value = false
    }
  }
  return { busy, errors, defects, moved, act, clear }
}
/** An entry of a list stands with its field: `form/proof/0`. */
const place = (field: string): string => field.replace(/^(form\/[^/]+)\/.*/, '$1')
