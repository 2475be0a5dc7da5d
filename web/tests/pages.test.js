// Every page of every demo role at three widths: no accessibility fault, nothing outside of the width, nothing from
// elsewhere, nothing held back by the content security policy.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overflow, settled, violations } from './lib/browser.js'
import { PAGES, place, publicPlaces } from './lib/routes.js'
import { WIDTHS, world } from './lib/world.js'

const w = world()

async function look(page, path) {
  const wrong = []
  await page.goto(path)
  for (const [width, height] of WIDTHS) {
    await page.setViewportSize({ width, height })
    await settled(page)
    const out = await overflow(page)
    if (out) wrong.push(`${width}: ${out} px outside`)
    for (const v of await violations(page)) wrong.push(`${width}: ${v}`)
  }
  return wrong
}

for (const [role, paths] of Object.entries(PAGES)) {
  test(`pages of ${role}`, async () => {
    const { page, leave } = await w.person(role)
    const wrong = {}
    for (const word of paths) {
      const path = await place(page, word, w.city)
      const found = await look(page, `/console${path}`).catch((e) => [e.message])
      if (found.length) wrong[path] = found
    }
    assert.deepEqual(wrong, {})
    await leave()
  })
}

test('public pages', async () => {
  const { page, leave } = await w.visitor()
  const wrong = {}
  for (const path of await publicPlaces(w.city)) {
    const found = await look(page, path).catch((e) => [e.message])
    if (found.length) wrong[path] = found
  }
  assert.deepEqual(wrong, {})
  await leave()
})
