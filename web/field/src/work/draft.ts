/** A draft of a page: read at the start, saved with each change, gone when it went into the queue. */
import { onBeforeUnmount, reactive, shallowRef, watch, type ShallowRef } from 'vue'
import { newKey } from '@/api'
import * as drafts from '@/store/drafts'

export interface Working<T extends object> {
  id: string
  value: T
  /** Whether the phone has it. */
  mark: { state: 'saving' | 'saved' | 'failed' | '' }
  /** Everything is on the disk. */
  settled(): Promise<void>
  /** From now on nothing is saved any more. */
  end(): void
  drop(): Promise<void>
}
/** The newest draft of this kind about `of`, else `fresh`; its id becomes the client key of the record. */
export async function working<T extends { of: string }>(kind: string, of: string, fresh: () => T): Promise<Working<T>> {
  const had = (await drafts.list()).find((d) => d.kind === kind && (d.value as T).of === of)
  const id = had?.id ?? newKey()
  const value = reactive((had?.value as T) ?? fresh()) as T
  const mark = reactive<Working<T>['mark']>({ state: had ? 'saved' : '' })
  const saver = new drafts.Saver<T>(kind, id, (s) => (mark.state = s))
  const stop = watch(value, () => saver.touch(value), { deep: true, flush: 'sync' })
  return {
    id,
    value,
    mark,
    settled: () => saver.settled(),
    end: stop,
    drop: async () => {
      stop()
      await saver.settled()
      await drafts.drop(id)
    },
  }
}
/** As long as the component stands. */
export function useWorking<T extends { of: string }>(kind: string, of: string, fresh: () => T | Promise<T>): ShallowRef<Working<T> | null> {
  const w = shallowRef<Working<T> | null>(null)
  let gone = false
  void (async () => {
    const made = await fresh()
    const opened = await working<T>(kind, of, () => made)
    if (gone) opened.end()
    else w.value = opened
  })()
  onBeforeUnmount(() => {
    gone = true
    w.value?.end()
  })
  return w
}
