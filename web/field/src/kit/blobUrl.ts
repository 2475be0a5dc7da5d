import { onBeforeUnmount, ref, watchEffect, type Ref } from 'vue'
import { load } from '@/store/blobs'

/** An address of a kept file for as long as the component stands; `null` while it is read, '' where this phone has not got it. */
export function useBlobUrl(hash: () => string): Ref<string | null> {
  const url = ref<string | null>(null)
  const drop = (): void => void (url.value && URL.revokeObjectURL(url.value))
  watchEffect((clean) => {
    let here = true
    clean(() => (here = false))
    const wanted = hash()
    if (!wanted) return
    void load(wanted).then((b) => {
      if (!here) return
      drop()
      url.value = b ? URL.createObjectURL(b) : ''
    })
  })
  onBeforeUnmount(drop)
  return url
}
