// The two things businesses do every day, done with the keyboard alone: a purchase noted down, a batch produced from it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled, tabTo } from './lib/browser.js'
import { ask, world } from './lib/world.js'

const w = world()

/** Chooses in a search field: types, waits for the answer, takes the first. */
async function choose(page, label, words, option) {
  const box = page.getByRole('combobox', { name: label, exact: true })
  await tabTo(page, box)
  await page.keyboard.type(words)
  await page.getByRole('option', { name: option }).first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
}
async function write(page, field, text) {
  await tabTo(page, field)
  await page.keyboard.press('Control+a')
  await page.keyboard.type(text)
}

test('a purchase from outside and a production of it, without a mouse', async () => {
  const { page, leave } = await w.visitor()
  // no pointer may do anything in this test
  await page.addInitScript(() => addEventListener('pointerdown', () => console.error('a pointer was used'), true))
  await signInByKeys(page)
  const { items } = await ask(page, '/api/products?size=20&sort=name')
  const weighed = items.filter((p) => p.unit === 'g' && p.status === 'active')
  assert.ok(weighed.length > 1, 'the factory has products by weight')
  const [raw, made] = weighed

  await page.goto('/console/capture')
  await settled(page)
  await tabTo(page, page.getByRole('link', { name: /平台外进货/ }))
  await page.keyboard.press('Enter')
  await page.waitForURL(/capture\/intake/)
  await write(page, page.getByLabel('供货者必填'), '试验农场')
  await write(page, page.getByLabel('联系电话'), '0393-1234567')
  await choose(page, '产品', raw.name, raw.name)
  await write(page, page.getByLabel('数量必填'), '12.5')
  await write(page, page.getByLabel('批号', { exact: true }), 'KEY-1')
  await tabTo(page, page.getByRole('button', { name: '添加一份凭证' }))
  await page.keyboard.press('Enter')
  await tabBackTo(page, page.getByLabel(/编号$/).last())
  await page.keyboard.type('HG-2026-77')
  await write(page, page.getByLabel('车牌号'), '豫J12345')
  await tabTo(page, page.getByRole('button', { name: '记下' }))
  await page.keyboard.press('Enter')
  await page.waitForURL(/ledgers\/purchases/)
  const { items: book } = await ask(page, '/api/ledgers/purchases?size=1')
  assert.deepEqual([book[0].batch, book[0].amount, book[0].papers.quality, book[0].papers.vehicle], ['KEY-1', 12_500, 'HG-2026-77', '豫J12345'])

  await page.goto('/console/capture/produce')
  await settled(page)
  await choose(page, '产品', made.name, made.name)
  await write(page, page.getByLabel('批号必填'), 'KEY-MADE-1')
  await write(page, page.getByLabel('数量必填'), '3')
  await choose(page, '原料批次', 'KEY-1', /KEY-1/)
  await write(page, page.getByLabel(/KEY-1 用量$/), '2')
  await tabTo(page, page.getByRole('button', { name: '添加一种' }))
  await page.keyboard.press('Enter')
  await tabBackTo(page, page.getByLabel('第 1 种添加剂的名称'))
  await page.keyboard.type('苯甲酸钠')
  await write(page, page.getByLabel('第 1 种添加剂的用量'), '0.5')
  await write(page, page.getByLabel('第 1 种添加剂的功能类别'), '防腐剂')
  await page.keyboard.press('Escape')
  await write(page, page.getByLabel('检验人'), '试验')
  await tabTo(page, page.getByRole('button', { name: '登记这一批' }))
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/lots\/\d+/)
  const lot = await ask(page, `/api/lots/${page.url().split('/').pop()}`)
  assert.equal(lot.lot.batch, 'KEY-MADE-1')
  assert.deepEqual(lot.additives, [{ name: '苯甲酸钠', amount: 500, unit: 'mg', purpose: '防腐剂' }])
  await leave()
})

async function signInByKeys(page) {
  await page.goto('/console/sign-in')
  await tabTo(page, page.getByLabel('用户名'))
  await page.keyboard.type('owner')
  await page.keyboard.press('Tab')
  await page.keyboard.type(w.city.password)
  await page.keyboard.press('Enter')
  await page.waitForURL((u) => !u.pathname.endsWith('/sign-in'))
  await settled(page)
}

/** A new row stands above the button that made it. */
async function tabBackTo(page, target) {
  for (let n = 0; n < 12; n += 1) {
    if (await target.evaluate((el) => el === document.activeElement)) return
    await page.keyboard.press('Shift+Tab')
  }
  throw new Error('not reached backwards')
}
