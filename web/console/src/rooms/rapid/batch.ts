/** A batch on its way: rows stay on this device until the server has them, so that neither a closed page nor a lost network loses one. */
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import { ask, newKey, type Answer } from '@/api'
import { calls, MOST_ROWS, toItem, type CardOf, type RapidRow as Row } from '@/kit/rapid'

export type { CardOf, Row }
export type PointView = Answer<'GET /api/rapid/points/{id}'>
export interface Done {
  row: Row
  id: string
  number: string
  case_id: string
  photos: number
}
export interface Batch {
  rows: Ref<Row[]>
  done: Ref<Done[]>
  bad: ComputedRef<number>
  busy: Ref<boolean>
  add: (row: Omit<Row, 'key' | 'tested_at'>) => Row
  drop: (key: string) => Row | undefined
  send: (point: string) => Promise<void>
}

/** `place` names the rows on this device: the person and the point. */
export function useBatch(place: () => string): Batch {
  const rows = ref<Row[]>([])
  const done = ref<Done[]>([])
  const busy = ref(false)
  watch(
    place,
    (name) => {
      done.value = []
      try {
        rows.value = name ? (JSON.parse(localStorage.getItem(name) ?? '[]') as Row[]) : []
      } catch {
        rows.value = []
      }
    },
    { immediate: true },
  )
  watch(rows, (all) => place() && (all.length ? localStorage.setItem(place(), JSON.stringify(all)) : localStorage.removeItem(place())), { deep: true })
  function add(row: Omit<Row, 'key' | 'tested_at'>): Row {
    const made = { ...row, key: newKey(), tested_at: Date.now() }
    rows.value = [made, ...rows.value]
    return made
  }
  function drop(key: string): Row | undefined {
    const row = rows.value.find((r) => r.key === key)
    rows.value = rows.value.filter((r) => r.key !== key)
    return row
  }
  async function send(point: string): Promise<void> {
    if (busy.value) return
    busy.value = true
    try {
      // the oldest first, as they were tested
      const waiting = [...rows.value].reverse()
      for (let i = 0; i < waiting.length; i += MOST_ROWS) {
        const part = waiting.slice(i, i + MOST_ROWS)
        const taken = await ask('POST /api/rapid/tests', { body: { point, items: part.map(toItem) } })
        for (const t of taken) {
          const row = part[t.index]!
          if (t.code) {
            rows.value = rows.value.map((r) => (r.key === row.key ? { ...r, fault: t.message } : r))
            continue
          }
          done.value = [{ row, id: t.id, number: t.number, case_id: t.case_id, photos: 0 }, ...done.value]
          drop(row.key)
        }
      }
    } finally {
      busy.value = false
    }
  }
  return { rows, done, busy, add, drop, send, bad: computed(() => rows.value.filter((r) => calls(r.result)).length) }
}
