/** The service worker: the app starts from the phone. A new version waits until the person takes it, never in the middle of a visit. */
import { ref } from 'vue'

export const fresh = ref<ServiceWorker | null>(null)

export function serve(): void {
  if (!('serviceWorker' in navigator)) return
  let had = !!navigator.serviceWorker.controller
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (had) location.reload()
    had = true
  })
  void navigator.serviceWorker.register('/field/sw.js', { scope: '/field/' }).then(
    (r) => {
      if (r.waiting && r.active) fresh.value = r.waiting
      r.addEventListener('updatefound', () => {
        const next = r.installing
        next?.addEventListener('statechange', () => {
          if (next.state === 'installed' && r.active) fresh.value = next
        })
      })
      document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void r.update().catch(() => undefined))
    },
    (e: unknown) => console.warn('service worker', e),
  )
}
export const take = (): void => fresh.value?.postMessage('take')
