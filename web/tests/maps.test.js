// What a map of the nation has to show, in the data and in the picture (see data/maps/README.md).
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const read = (name) => JSON.parse(readFileSync(new URL(`../../data/maps/${name}`, import.meta.url), 'utf8'))
const parts = (g) => (g.type === 'MultiPolygon' || g.type === 'MultiLineString' ? g.arcs.length : 1)

test('the nation is whole: provinces, dashes, islets', () => {
  const { provinces, lines } = read('china.json').objects
  const by = new Map(provinces.geometries.map((g) => [g.id, g]))
  assert.equal(by.size, 34)
  for (const code of ['71', '81', '82', '46', '65', '54']) assert.ok(by.has(code), code)
  assert.ok(parts(by.get('46')) >= 97 + 228, 'islets of 南海诸岛')
  assert.ok(parts(by.get('71')) >= 5, '台湾 with 钓鱼岛 and 赤尾屿')
  const dashes = lines.geometries.find((g) => g.id === 'nine-dash')
  assert.ok(parts(dashes) >= 9, `${parts(dashes)} dashes`)
})

test('海南 keeps the islets of 西沙 and 南沙 in its own file', () => {
  const by = new Map(read('provinces/46.json').objects.counties.geometries.map((g) => [g.id, g]))
  assert.ok(parts(by.get('460321')) >= 96)
  assert.equal(parts(by.get('460322')), 228)
})
