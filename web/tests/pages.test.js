// Every page of every demo role at three widths: no accessibility fault, nothing outside of the width, nothing from
// elsewhere, nothing held back by the content security policy.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { context, launch, overflow, settled, signIn, violations } from './lib/browser.js'
import { open } from './lib/city.js'

const WIDTHS = [[1440, 900], [768, 1024], [360, 740]]
const BUSINESS = ['/', '/jobs', '/account', '/parties', 'PARTY', '/products', '/products/new', '/products/import', 'PRODUCT', '/lots', 'LOT', '/ledgers/purchases', '/ledgers/sales', '/events', '/capture', '/capture/receive', '/capture/intake', '/capture/produce', '/capture/ship', '/capture/return', '/capture/sell', '/capture/loss', '/capture/stocktake', '/capture/import']
const PAGES = {
  officer1: ['/', '/jobs', '/account', '/parties', '/parties/new', '/parties/import', 'PARTY', '/products', 'PRODUCT', '/lots', 'LOT', '/ledgers/purchases', '/ledgers/sales', '/events', '/investigations', '/suspicions', '/nowhere'],
  investigator: ['/', '/investigations', '/investigations/scopes', '/investigations/new', '/suspicions', '/subscriptions', '/capture/import', 'LOT'],
  leader: ['/', '/parties', '/audit', '/investigations'],
  sysadmin: ['/', '/users', '/posts'],
  secadmin: ['/', '/users', '/posts'],
  audadmin: ['/', '/audit', '/users'],
  owner: BUSINESS,
  clerk: ['/', '/capture', '/capture/receive', '/lots'],
}
const PUBLIC = ['/t/', 'CODE', 'CODE?care=1', '/t/TAAAAAAAAAAAAA']

let city
let browser
before(async () => {
  city = await open()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await city?.close()
})

/** Real addresses in place of the words. */
async function place(page, path) {
  const first = (list) => page.evaluate(async (p) => (await (await fetch(p)).json()).items[0], list)
  if (path === 'PARTY') return `/parties/${(await first('/api/parties?size=1')).id}`
  if (path === 'PRODUCT') return `/products/${(await first('/api/products?size=1')).id}`
  if (path === 'LOT') return `/lots/${(await first('/api/lots?size=1&on_hand=1')).no}`
  return path
}
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
    const { context: c, faults } = await context(browser, city.base)
    const page = await c.newPage()
    await signIn(page, role, city.password)
    const wrong = {}
    for (const word of paths) {
      const path = await place(page, word)
      const found = await look(page, `/console${path}`)
      if (found.length) wrong[path] = found
    }
    await c.close()
    assert.deepEqual(wrong, {})
    assert.deepEqual(faults, [])
  })
}

test('public pages', async () => {
  const { context: c, faults } = await context(browser, city.base)
  const page = await c.newPage()
  const wrong = {}
  for (const word of PUBLIC) {
    const path = word.replace('CODE', `/t/${city.sample.walk.code}`)
    const found = await look(page, path)
    if (found.length) wrong[path] = found
  }
  await c.close()
  assert.deepEqual(wrong, {})
  assert.deepEqual(faults, [])
})
