import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'

export interface Loaded<T> {
  data: Ref<T | null>
  error: Ref<unknown>
  loading: Ref<boolean>
  reload: () => Promise<void>
}
/** Loads on mount and whenever `when` changes; an answer overtaken by a newer question is dropped. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, when: () => unknown = () => 0): Loaded<T> {
  const data = shallowRef<T | null>(null)
  const error = ref<unknown>(null)
  const loading = ref(true)
  let running: AbortController | null = null

  async function reload(): Promise<void> {
    running?.abort()
    const mine = new AbortController()
    running = mine
    loading.value = true
    error.value = null
    try {
      const got = await load(mine.signal)
      if (running === mine) data.value = got
    } catch (e) {
      if (running === mine) error.value = e
    } finally {
      if (running === mine) loading.value = false
    }
  }
  watch(when, () => void reload(), { immediate: true })
  onScopeDispose(() => running?.abort())
  return { data, error, loading, reload }
}
