// The search box of the top bar: two characters, pinyin, arrows, Enter; and nothing from beyond one's jurisdiction.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled, violations } from './lib/browser.js'
import { ask, WIDTHS, world } from './lib/world.js'

const w = world()
const box = (page) => page.getByRole('combobox', { name: '查找主体、产品、批次、编码' })
const hits = (page) => page.locator('#find-list [role=option]')

for (const [width, height] of WIDTHS) {
  test(`found by two characters and by pinyin, opened by keyboard, at ${width}`, async () => {
    const { page, leave } = await w.person('officer1', { viewport: { width, height } })
    const { items } = await ask(page, '/api/parties?size=1&kind=shop')
    const shop = items[0]
    await page.keyboard.press('Control+k')
    await page.keyboard.type(shop.name.slice(0, 4))
    await hits(page).first().waitFor()
    assert.deepEqual(await violations(page), [], 'with its list open')
    assert.equal(await hits(page).first().getAttribute('aria-selected'), 'true')
    // round the list and back
    const many = await hits(page).count()
    await page.keyboard.press('ArrowUp')
    assert.equal(await hits(page).nth(many - 1).getAttribute('aria-selected'), 'true')
    await page.keyboard.press('ArrowDown')
    assert.equal(await hits(page).first().getAttribute('aria-selected'), 'true')
    await page.keyboard.press('Escape')
    await page.locator('#find-list').waitFor({ state: 'hidden' })

    // the whole name, Enter before the answer is there
    await page.keyboard.press('Control+k')
    await page.keyboard.type(shop.name)
    await page.keyboard.press('Enter')
    await page.waitForURL((u) => u.pathname.endsWith(`/parties/${shop.id}`))

    // `chaoshi` is 超市
    await page.keyboard.press('Control+k')
    await page.keyboard.type('chaoshi')
    await hits(page).filter({ hasText: '超市' }).first().waitFor()
    await leave()
  })
}

test('what lies beyond the jurisdiction is not found', async () => {
  const city = await w.person('leader')
  const { items } = await ask(city.page, '/api/parties?size=200')
  await city.leave()
  const own = await w.person('officer1')
  const prefix = (await ask(own.page, '/api/session')).jurisdiction[0].prefix
  const beyond = items.find((p) => !p.division.startsWith(prefix))
  assert.ok(beyond, 'the city has another county')
  await box(own.page).fill(beyond.name)
  await own.page.locator('.find-none, #find-list').filter({ visible: true }).first().waitFor()
  await settled(own.page)
  assert.equal(await hits(own.page).filter({ hasText: beyond.name }).count(), 0)
  await own.page.keyboard.press('Escape')
  await box(own.page).fill('没有这个名字的店铺呀')
  await own.page.getByText(/没有找到/).first().waitFor()
  await own.leave()
})
