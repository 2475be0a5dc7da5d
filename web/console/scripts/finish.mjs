// After the build: compress ahead (br, gz) and hold the bundle to its budget.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const KB = 1024
const SHELL = 100 * KB // JavaScript of the first load, without any route
const ROUTE = 250 * KB // JavaScript a route adds, with everything it imports

function files(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? files(join(dir, e.name)) : [join(dir, e.name)]))
}

const manifestPath = join(dist, '.vite/manifest.json')
const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'))
const gz = new Map()
for (const file of files(dist)) {
  if (!/\.(js|css|html|svg|json)$/.test(file) || file.includes('.vite')) continue
  const raw = readFileSync(file)
  const zipped = gzipSync(raw, { level: 9 })
  gz.set(file.slice(dist.length), zipped.length)
  if (raw.length < 512) continue
  writeFileSync(`${file}.gz`, zipped)
  writeFileSync(`${file}.br`, brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length } }))
}

/** All scripts a chunk needs at once (static imports only). */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const next of manifest[key]?.imports ?? []) closure(next, seen)
  return seen
}
const weight = (keys) => [...keys].reduce((sum, k) => sum + (gz.get(manifest[k].file) ?? 0), 0)

const entry = Object.keys(manifest).find((k) => manifest[k].isEntry)
const shell = closure(entry)
const shellSize = weight(shell)
const routes = Object.keys(manifest)
  .filter((k) => manifest[k].isDynamicEntry && /^src\/rooms\//.test(k))
  .map((k) => ({ name: k.replace('src/rooms/', ''), size: weight([...closure(k)].filter((x) => !shell.has(x))) }))
  .sort((a, b) => b.size - a.size)

const kb = (n) => `${(n / KB).toFixed(1)} KB`
console.log(`shell ${kb(shellSize)} gz of ${kb(SHELL)}`)
for (const r of routes) console.log(`  ${kb(r.size).padStart(9)} gz  ${r.name}`)
const over = [...(shellSize > SHELL ? [`shell ${kb(shellSize)}`] : []), ...routes.filter((r) => r.size > ROUTE).map((r) => `${r.name} ${kb(r.size)}`)]
if (existsSync(manifestPath)) rmSync(join(dist, '.vite'), { recursive: true })
if (over.length) {
  console.error(`over budget: ${over.join(', ')}`)
  process.exit(1)
}
console.log(`${files(dist).length} files, ${kb(files(dist).reduce((n, f) => n + statSync(f).size, 0))} with compressed copies`)
