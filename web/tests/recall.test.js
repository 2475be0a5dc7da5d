// A recall from the bureau's order to its end, each by whoever does it: the leader at a desk, the shop by phone, anybody on the public page.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { overflow, settled, violations } from './lib/browser.js'
import { act, photo } from './lib/findings.js'
import { ask, tell, world } from './lib/world.js'

const w = world()
const day = (n) => new Date(Date.now() + n * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)
const moved = async (page, mv) => {
  const done = await tell(page, 'POST', '/api/moves', { mode: 'all', items: [mv] })
  assert.ok(done.kept?.length, JSON.stringify(done).slice(0, 300))
  return done.kept[0].lots[0]
}
/** A photo of a recall, handed in as the page would. */
const shot = async (page, recall, party, seed) =>
  page.evaluate(
    async ([path, jpeg]) => {
      const body = Uint8Array.from(atob(jpeg), (c) => c.charCodeAt(0))
      const r = await fetch(path, { method: 'POST', headers: { 'content-type': 'image/jpeg', 'x-shian': '1', 'idempotency-key': crypto.randomUUID(), 'x-file-name': 'p.jpg' }, body })
      return (await r.json()).id
    },
    [`/api/recalls/${recall}/photos?party=${party}&taken_at=${Date.now()}&in_app=1`, await photo(page, seed)],
  )

test('ordered at a desk, reported by phone, closed to the gram, told to the public', async () => {
  const [leader, owner, clerk] = await Promise.all([w.person('leader'), w.person('owner'), w.person('clerk', { viewport: { width: 360, height: 740 } })])
  // producer and shop lie in different counties: whoever watches both sits at the city
  const officer = leader
  const [factory, shop] = [(await ask(owner.page, '/api/session')).party, (await ask(clerk.page, '/api/session')).party]
  const made = await tell(owner.page, 'POST', '/api/products', { name: '试验豆腐', unit: 'g', category: '25', spec: '散装', shelf_days: 30 })
  const lot = await moved(owner.page, { kind: 'produce', makes: [{ product: made.id, amount: 50_000, batch: 'SY-1' }] })
  const way = await moved(owner.page, { kind: 'ship', counterpart: shop.id, takes: [{ lot, amount: 20_000 }] })
  const there = await moved(clerk.page, { kind: 'receive', takes: [{ lot: way }] })
  await moved(clerk.page, { kind: 'sell', takes: [{ lot: there, amount: 5_000 }] })
  const code = (await tell(owner.page, 'POST', `/api/lots/${lot}/code`, { labels: 1 })).code

  // a consumer follows the batch and leaves a number, the producer follows it with its account
  const { page: nobody, leave: gone } = await w.visitor()
  await nobody.goto(`/follow/${code}`)
  await nobody.getByLabel(/手机号码/).fill('13800001234')
  await nobody.getByRole('button', { name: '关注这一批次' }).click()
  await nobody.locator('svg').first().waitFor()
  await owner.page.goto(`/console/lots/${lot}`)
  await owner.page.getByRole('button', { name: '关注这一批，召回时通知我' }).click()
  await owner.page.getByRole('button', { name: '已关注这一批' }).waitFor()

  // the leader sees whom it reaches before it begins
  await leader.page.goto(`/console/lots/${lot}`)
  await settled(leader.page)
  await leader.page.getByRole('link', { name: '发起召回' }).click()
  await leader.page.getByText(/涉及 2 家（确定）/).waitFor()
  await leader.page.getByLabel('召回原因（公众看到的就是这段话）').fill('检出苯甲酸超标')
  await leader.page.getByRole('button', { name: '责令召回' }).click()
  await leader.page.waitForURL(/\/recalls\/[0-9a-f-]{36}/)
  const id = leader.page.url().split('/').pop()
  await nobody.goto(`/t/${code}`)
  assert.match(await nobody.locator('body').innerText(), /已召回，请勿食用[\s\S]*检出苯甲酸超标/)

  await act(owner.page, id, { action: 'plan', form: { area: '本市', harm: '防腐剂超标', steps: '二十个工作日', wording: '召回试验豆腐', channels: '门店', duties: '下架封存', measures: '销毁', expected: '全部收回', hotline: '0393-0000000' } })
  await act(officer.page, id, { action: 'accept', form: {} })
  const told = await act(owner.page, id, { action: 'announce', form: { begins: day(0), ends: day(20), refund: '凭包装退款' } })
  assert.equal(told.status, 'recalling', JSON.stringify(told).slice(0, 300))
  for (let i = 0; i < 100 && (await ask(officer.page, `/api/recalls/${id}`)).counts.tasks < 2; i += 1) await officer.page.waitForTimeout(100)

  // who follows it was told with the order; the number is masked until somebody looks, and is handed out once
  const desk = officer.page
  await desk.goto(`/console/recalls/${id}`)
  await desk.getByText('138****1234').waitFor()
  await desk.getByText(/1 人有账号，1 人留了电话，其中 1 人还没有/).waitFor()
  await desk.getByText(/站内消息告知/).waitFor()
  assert.ok(!(await desk.locator('body').innerText()).includes('13800001234'))
  await desk.getByRole('button', { name: '查看号码 138****1234' }).click()
  await desk.getByText('13800001234').waitFor()
  await desk.getByRole('button', { name: '取走短信内容' }).click()
  const [file] = await Promise.all([desk.waitForEvent('download'), desk.getByRole('button', { name: '取走', exact: true }).click()])
  assert.match(await readFile(await file.path(), 'utf8'), /号码[\s\S]*13800001234[\s\S]*试验豆腐 批号SY-1/)
  await desk.getByText(/短信等渠道告知/).waitFor()
  assert.deepEqual([await violations(desk), await desk.getByRole('button', { name: '取走短信内容' }).count()], [[], 0])

  // the shop: a message, a tap, a photo, the amounts of the ledger, done
  const { page } = clerk
  await page.goto('/console/my-recalls')
  await settled(page)
  assert.deepEqual(await violations(page), [])
  await page.locator('section, article, div').filter({ hasText: '试验豆腐' }).getByRole('link', { name: '填报' }).first().click()
  await page.getByRole('heading', { name: '召回填报：试验豆腐' }).waitFor()
  await page.locator('input[type=file]').setInputFiles({ name: 'p.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(await photo(page, 41), 'base64') })
  await page.getByText('照片已提交').waitFor()
  await page.getByRole('button', { name: '按台账填写' }).click()
  await page.getByText('数量对上了').waitFor()
  await page.getByRole('textbox', { name: '现存' }).fill('3')
  await page.getByRole('textbox', { name: '现存' }).press('Tab')
  await page.getByText(/还有 12.*没有说明去向/).waitFor()
  await page.getByRole('textbox', { name: '已退回' }).fill('12')
  await page.getByRole('textbox', { name: '已退回' }).press('Tab')
  await page.getByText('数量对上了').waitFor()
  assert.deepEqual([await overflow(page), await violations(page)], [0, []])
  // a report is proved by the photos that somebody chose for it
  const chosen = page.getByRole('group', { name: '证明这次报告的照片' }).getByRole('checkbox')
  await chosen.uncheck()
  await page.getByRole('button', { name: '提交报告' }).click()
  await page.getByText(/请为这次报告选定照片/).waitFor()
  await chosen.check()
  await page.getByRole('button', { name: '提交报告' }).click()
  await page.getByText('已报告', { exact: true }).first().waitFor()

  // the producer: its own, what came back; an officer watches all of it destroyed
  const own = await ask(owner.page, `/api/recalls/${id}/tasks/mine`)
  const line = own.lines[0]
  await tell(owner.page, 'POST', `/api/recalls/${id}/tasks/mine/report`, { lines: [{ origin: lot, on_hand: line.due, sold: 0, destroyed: 0, returned: 0 }], proof: [await shot(owner.page, id, factory.id, 42)] })
  await tell(owner.page, 'POST', `/api/recalls/${id}/returns`, { party: shop.id, origin: lot, amount: 12_000 })
  const body = await ask(officer.page, `/api/recalls/${id}`)
  const parts = ['used', 'waiting', 'on_hand', 'sold', 'destroyed', 'remedied', 'returning', 'back', 'open', 'gap']
  assert.equal(body.account.produced, parts.reduce((s, p) => s + body.account[p], 0), JSON.stringify(body.account))
  assert.deepEqual([body.account.back, body.account.sold, body.account.open], [12_000, 5_000, 0])
  for (const [who, party, stock, amount, seed] of [[owner, factory.id, 'held', line.due, 43], [owner, factory.id, 'back', 12_000, 44], [clerk, shop.id, 'held', 3_000, 45]]) {
    const plan = await tell(who.page, 'POST', `/api/recalls/${id}/disposals`, { party, origin: lot, stock, what: 'destroy', amount, place: '无害化处理中心', method: '高温化制', planned_at: Date.now() + 3_600_000 })
    const watched = await tell(officer.page, 'POST', `/api/recalls/${id}/disposals/${plan.id}`, { done: true, opinion: '监督销毁', proof: [await shot(officer.page, id, party, seed)] })
    assert.equal(watched.status, 204, JSON.stringify(watched))
  }

  // the bureau draws whom it calls, and sees where everything is
  await officer.page.goto(`/console/recalls/${id}`)
  await officer.page.getByRole('button', { name: '承诺名单' }).click()
  // the ledger signs the promise within seconds
  await officer.page.getByText(/^已承诺从/).waitFor()
  const ready = officer.page.getByRole('button', { name: '抽取', exact: true })
  for (let i = 0; i < 60 && (await ready.isDisabled()); i++) {
    await officer.page.waitForTimeout(500)
    await officer.page.getByRole('button', { name: '看看好了没有' }).click({ timeout: 2_000 }).catch(() => {})
  }
  await ready.click()
  await officer.page.getByRole('button', { name: '知晓并停售' }).first().click()
  await officer.page.getByText('知晓，已停售').waitFor()
  await officer.page.locator('.rc-map[data-ready]').waitFor()
  assert.deepEqual(await violations(officer.page), [])
  await act(owner.page, id, { action: 'finish', form: { finish_note: '已全部收回' } })
  const report = await act(owner.page, id, { action: 'summary', form: { summary: '已处置', improve: '双人复核' } })
  assert.equal(report.status, 'evaluating', JSON.stringify(report).slice(0, 300))
  const closed = await act(leader.page, id, { action: 'pass', form: { opinion: '召回有效' } })
  assert.equal(closed.status, 'closed', JSON.stringify(closed).slice(0, 300))
  await nobody.goto(`/recalls/${body.recall.code}`)
  assert.match(await nobody.locator('body').innerText(), /召回已结束[\s\S]*已销毁/)
  assert.ok(!(await nobody.locator('body').innerText()).includes(shop.name))
  await gone()
  for (const visit of [leader, owner, clerk]) await visit.leave()
})

test('a signed-in officer follows a batch as anybody does', async () => {
  const { page, leave } = await w.person('officer1')
  await page.goto(`/follow/${w.city.sample.walk.code}`)
  await page.getByRole('button', { name: '关注这一批次' }).click()
  await page.waitForURL(/follow/)
  await page.locator('svg').first().waitFor()
  await leave()
})

test('a drill tells how long it took and where the chain is broken', async () => {
  const { page, leave } = await w.person('leader')
  await page.goto('/console/recall-drills')
  await settled(page)
  const rows = await page.locator('tbody tr').count()
  await page.getByRole('button', { name: '现在演练一次' }).click()
  await page.getByText('人工，随机').first().waitFor()
  assert.ok((await page.locator('tbody tr').count()) >= rows)
  assert.deepEqual(await violations(page), [])
  await leave()
})
