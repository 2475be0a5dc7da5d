// Working days by npm chinese-days, for data/checks/working-days.csv: node workdays.mjs PACKAGE_FOLDER
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const folder = process.argv[2]
const version = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')).version
const loaded = await import(pathToFileURL(`${folder}/dist/index.min.js`))
const { isWorkday } = loaded.default ?? loaded
for (let year = 2004; year <= 2026; year++) {
  let days = ''
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += 86_400_000) {
    days += isWorkday(new Date(at).toISOString().slice(0, 10)) ? '1' : '0'
  }
  console.log(`chinese-days,${version},${year},${days}`)
}
