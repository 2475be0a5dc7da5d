// The app's own service worker: its files come from the phone, answers of the server never do (the app keeps those itself, sealed).
const VERSION = '__VERSION__'
const FILES = __FILES__
const NAME = `field-${VERSION}`

self.addEventListener('install', (e) => {
  // all or nothing: a version that is there is whole. Hashed names may come from the browser's own cache
  const asked = FILES.map((path) => new Request(path, { cache: path.includes('/assets/') ? 'default' : 'reload', credentials: 'same-origin' }))
  e.waitUntil(caches.open(NAME).then((c) => c.addAll(asked)))
})
self.addEventListener('activate', (e) => {
  e.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((n) => n.startsWith('field-') && n !== NAME).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  )
})
self.addEventListener('message', (e) => {
  if (e.data === 'take') self.skipWaiting()
})
self.addEventListener('fetch', (e) => {
  const { method, mode, url } = e.request
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== self.location.origin || !pathname.startsWith('/field/')) return
  const name = mode === 'navigate' ? '/field/' : pathname
  if (!FILES.includes(name)) return
  e.respondWith(caches.open(NAME).then((c) => c.match(name, { ignoreVary: true })).then((kept) => kept || fetch(e.request)))
})
