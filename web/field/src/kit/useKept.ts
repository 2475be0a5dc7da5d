import { reactive } from 'vue'
import { Problem } from '@/api'
import { get, type Kept } from '@/store/kept'

export interface Loaded<T> {
  value: T | null
  at: number
  old: boolean
  /** The server has said so just now. */
  live: boolean
  busy: boolean
  fault: string
  again: () => Promise<void>
}
/** What was kept at once, then what the server says. `name`: under which `load` keeps it. */
export function useKept<T>(name: string, load: () => Promise<Kept<T>>): Loaded<T> {
  const state = reactive({ value: null, at: 0, old: false, live: false, busy: false, fault: '', again }) as Loaded<T>
  async function again(): Promise<void> {
    state.busy = true
    state.fault = ''
    try {
      if (state.value === null) {
        const had = await get<T>(name)
        if (had && state.value === null) Object.assign(state, { value: had.value, at: had.at })
      }
      const got = await load()
      Object.assign(state, got, { live: !got.old })
    } catch (e) {
      if (!(e instanceof Problem)) throw e
      if (state.value !== null && e.status === 0) state.old = true
      else state.fault = e.message
    } finally {
      state.busy = false
    }
  }
  void again()
  return state
}
