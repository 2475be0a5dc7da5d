// The few rules of the house that a type checker does not see.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// another front end's folder may be named: `node ../console/scripts/lint.mjs src/`
const src = process.argv[2] ?? fileURLToPath(new URL('../src/', import.meta.url))
const files = (dir) => readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? files(join(dir, e.name)) : [join(dir, e.name)]))
const rules = [
  [/\.vue$/, /\sstyle="/, 'static style attribute (style-src forbids it): use a class or :style'],
  [/\.(vue|ts)$/, /v-html|innerHTML/, 'raw HTML'],
  [/\.(vue|ts|css)$/, /(?:src|href|url)\s*[=(]\s*["'`]?https?:\/\//, 'an address outside the house'],
  [/\.vue$/, /console\.(log|debug)/, 'console output'],
  [/\.vue$/, /敬请期待|TODO|FIXME/, 'unfinished'],
]
let found = 0
for (const file of files(src)) {
  const text = readFileSync(file, 'utf8')
  const lines = text.split('\n')
  if (!file.endsWith('schema.ts') && lines.length > 420) report(file, lines.length, 'longer than about 400 lines: split it')
  lines.forEach((line, i) => rules.forEach(([name, bad, why]) => name.test(file) && bad.test(line) && report(file, i + 1, why)))
}
function report(file, line, why) {
  found += 1
  console.error(`${file.slice(src.length)}:${line}: ${why}`)
}
if (found) process.exit(1)
console.log('lint: clean')
