// After the build: the service worker with its list of files, compressed copies (br, gz), and the budget of the first screen.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const KB = 1024
const FIRST = 110 * KB // page, script and style of the first screen
const files = (dir) => readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? files(join(dir, e.name)) : [join(dir, e.name)]))

const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))
rmSync(join(dist, '.vite'), { recursive: true })

// everything but the compressed copies works with no network, the reader of codes too
const list = files(dist).map((f) => f.slice(dist.length)).filter((f) => !/\.(br|gz)$|^sw\.js$|^\.stamp$/.test(f)).sort()
const version = createHash('sha256')
for (const f of list) version.update(f).update(readFileSync(join(dist, f)))
version.update(readFileSync(new URL('../src/sw.js', import.meta.url)))
const names = list.map((f) => (f === 'index.html' ? '/field/' : `/field/${f}`))
const worker = readFileSync(new URL('../src/sw.js', import.meta.url), 'utf8')
writeFileSync(join(dist, 'sw.js'), worker.replace('__VERSION__', version.digest('hex').slice(0, 12)).replace('__FILES__', JSON.stringify(names)))

const gz = new Map()
for (const f of files(dist)) {
  if (!/\.(js|css|html|svg|json|wasm|webmanifest)$/.test(f)) continue
  const raw = readFileSync(f)
  const zipped = gzipSync(raw, { level: 9 })
  gz.set(f.slice(dist.length), zipped.length)
  if (raw.length < 512) continue
  writeFileSync(`${f}.gz`, zipped)
  writeFileSync(`${f}.br`, brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length } }))
}

/** What a chunk needs at once: scripts of its static imports, and their styles. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const next of manifest[key]?.imports ?? []) closure(next, seen)
  return seen
}
const parts = (keys) => new Set([...keys].flatMap((k) => [manifest[k].file, ...(manifest[k].css ?? [])]))
const weight = (names) => [...names].reduce((sum, f) => sum + (gz.get(f) ?? 0), 0)
const entry = Object.keys(manifest).find((k) => manifest[k].isEntry)
const shell = parts(closure(entry))
const today = Object.keys(manifest).find((k) => k.endsWith('rooms/today/TodayPage.vue'))
if (!today) throw new Error('the first screen is not a chunk of its own any more: mend the budget')
const kb = (n) => `${(n / KB).toFixed(1)} KB`
const first = weight(new Set([...shell, ...parts(closure(today))])) + (gz.get('index.html') ?? 0)
console.log(`first screen ${kb(first)} gz of ${kb(FIRST)} (shell ${kb(weight(shell))})`)
for (const k of Object.keys(manifest).filter((k) => manifest[k].isDynamicEntry)) {
  const own = [...parts(closure(k))].filter((f) => !shell.has(f))
  console.log(`  ${kb(weight(own)).padStart(9)} gz  ${k.replace('src/', '')}`)
}
console.log(`kept on the phone: ${kb(list.reduce((n, f) => n + readFileSync(join(dist, f)).length, 0))} in ${list.length} files`)
if (first > FIRST) {
  console.error(`over budget: first screen ${kb(first)}`)
  process.exit(1)
}
