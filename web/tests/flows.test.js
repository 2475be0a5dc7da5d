// What people do, done in a browser against the real server with a small sample city.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { settled, violations } from './lib/browser.js'
import { ask, world } from './lib/world.js'

const w = world()

test('a scanned code is answered without script, in 14 KB', async () => {
  const { page, context: c } = await w.visitor({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } })
  let bytes = 0
  page.on('response', async (r) => (bytes += (await r.request().sizes()).responseBodySize))
  await page.goto(`/t/${w.city.sample.walk.code}`)
  await page.waitForLoadState('networkidle')
  const text = await page.locator('body').innerText()
  assert.ok(text.includes(w.city.sample.walk.product) && text.includes(w.city.sample.walk.batch), text.slice(0, 300))
  assert.match(text, /模拟数据/)
  assert.ok(bytes > 0 && bytes <= 14 * 1024, `${bytes} bytes`)
  await page.goto('/t/TAAAAAAAAAAAAA')
  assert.match(await page.locator('body').innerText(), /没有|不是|无法|核对/)
  await c.close()
})

test('signing in: a wrong password says so, the right one leads back', async () => {
  const { page, context: c } = await w.visitor()
  await page.goto('/console/lots?state=stock')
  await page.waitForURL(/sign-in/)
  // keyboard alone
  await page.getByLabel('用户名').focus()
  await page.keyboard.type('officer1')
  await page.keyboard.press('Tab')
  await page.keyboard.type('not the password')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  assert.match(await page.getByRole('alert').innerText(), /不正确/)
  await page.getByLabel('密码', { exact: true }).fill(w.city.password)
  await page.keyboard.press('Enter')
  await page.waitForURL(/lots\?state=stock/)
  await c.close()
})

test('a business is found by two characters and opened by keyboard', async () => {
  const { page, leave } = await w.person('leader')
  const { items } = await ask(page, '/api/parties?size=1&kind=shop')
  await page.goto('/console/parties')
  await settled(page)
  await page.keyboard.press('/')
  await page.keyboard.type(items[0].name.slice(-5))
  await page.keyboard.press('Enter')
  await page.waitForURL(/q=/)
  await settled(page)
  await page.locator('tbody tr', { hasText: items[0].name }).first().focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/parties\/[0-9a-f-]{36}/)
  await page.getByRole('heading', { level: 1, name: items[0].name }).waitFor()
  await leave()
})

test('an import takes the good rows in and gives the bad one back as a file', async () => {
  const { page, leave } = await w.person('officer1')
  const rows = [
    '名称,统一社会信用代码,业态,行政区划,地址',
    '华龙区试验便利店一,,食品销售店（超市、商店）,410902,试验路 1 号',
    '华龙区试验便利店二,91410902XM0003DYXX,食品销售店（超市、商店）,410902,试验路 2 号',
    '华龙区试验便利店三,,小食杂店,410902,试验路 3 号',
  ]
  await page.goto('/console/parties/import')
  await page.locator('input[type=file]').setInputFiles({ name: '试验.csv', mimeType: 'text/csv', buffer: Buffer.from(`\uFEFF${rows.join('\r\n')}\r\n`) })
  await page.getByRole('button', { name: '导入主体' }).click()
  await page.getByText('成功 2 行').waitFor({ timeout: 30_000 })
  await page.getByText('退回 1 行').waitFor()
  assert.match(await page.locator('.defects').innerText(), /3[\s\S]*(信用代码|校验)/)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载退回的行' }).click()])
  assert.match(download.suggestedFilename(), /未导入的行\.xlsx$/)
  // a zip of parts: XLSX
  assert.equal(readFileSync(await download.path()).subarray(0, 2).toString(), 'PK')
  await page.goto('/console/parties?q=试验便利店')
  await settled(page)
  assert.equal(await page.locator('tbody tr').count(), 2)
  await leave()
})

test('a delivery: shipped, received with a difference, in both books', async () => {
  const shop = w.city.sample.accounts.find((a) => a.name === 'clerk').place
  const seller = await w.person('owner')
  const { items } = await ask(seller.page, '/api/lots?state=stock&on_hand=1&sort=expires&size=200')
  const own = await ask(seller.page, '/api/session')
  const lot = items.find((l) => l.holder === own.party.id && l.on_hand >= 5 && l.unit !== 'pc') ?? items.find((l) => l.holder === own.party.id)
  assert.ok(lot, 'the factory has something on its shelf')
  const amount = lot.unit === 'pc' ? '2' : '0.005'
  await seller.page.goto('/console/capture/ship')
  await seller.page.getByRole('combobox', { name: '收货主体' }).click()
  await seller.page.keyboard.type(shop.slice(0, 6))
  await seller.page.getByRole('option', { name: shop }).first().click()
  await seller.page.getByRole('combobox', { name: '库存批次' }).click()
  await seller.page.keyboard.type(lot.batch)
  await seller.page.getByRole('option', { name: lot.batch }).first().click()
  await seller.page.getByLabel(/发货量$/).fill(amount)
  await seller.page.getByLabel(/发货量$/).blur()
  await seller.page.getByRole('button', { name: '发货', exact: true }).click()
  await seller.page.getByText('已发货，等对方查验').waitFor()
  await seller.page.waitForURL(/\/capture$/)
  await seller.leave()

  // the shop has a phone in its hand
  const buyer = await w.person('clerk', { viewport: { width: 360, height: 740 } })
  await buyer.page.goto('/console/capture/receive')
  await settled(buyer.page)
  const line = buyer.page.locator('li.recv', { hasText: lot.batch }).last()
  await line.getByLabel(/实收数量$/).fill(lot.unit === 'pc' ? '1' : '0.004')
  await line.getByLabel(/实收数量$/).blur()
  await line.getByText('与发出数量差').waitFor()
  await line.getByLabel(/差额原因$/).fill('试验：破损')
  await line.getByRole('button', { name: '收下' }).click()
  await buyer.page.getByText('已收货，进货查验已记下').waitFor()
  const { items: book } = await ask(buyer.page, '/api/ledgers/purchases?size=1')
  assert.equal(book[0].batch, lot.batch)
  assert.equal(book[0].other_name, own.party.name)
  assert.equal(Math.abs(book[0].difference), 1)
  await buyer.page.goto('/console/ledgers/purchases')
  await settled(buyer.page)
  await buyer.page.getByText('有差额').first().waitFor()
  await buyer.leave()
})

test('more than the stock cannot be shipped; the line says why', async () => {
  const { page, leave } = await w.person('owner')
  const { items } = await ask(page, '/api/lots?state=stock&on_hand=1&size=200')
  const own = await ask(page, '/api/session')
  const lot = items.find((l) => l.holder === own.party.id)
  const answer = await page.evaluate(
    async ([lot, on]) => {
      const r = await fetch('/api/moves', { method: 'POST', headers: { 'content-type': 'application/json', 'x-shian': '1', 'idempotency-key': crypto.randomUUID() }, body: JSON.stringify({ mode: 'all', items: [{ kind: 'sell', takes: [{ lot, amount: on + 1 }] }] }) })
      return { status: r.status, ...(await r.json()) }
    },
    [lot.no, lot.on_hand],
  )
  assert.equal(answer.field, 'items/0/takes/0/amount')
  await leave()
})

test('the sealed incident: from a code in a shop to its source and every holder', async () => {
  const { page, leave } = await w.person('investigator')
  const answer = w.city.sealed.find((a) => a.incident === 'spice-hub')
  await page.goto('/console/investigations/new')
  await page.getByRole('button', { name: '一份名单' }).click()
  await page.getByLabel('事由').fill('试验：复合香辛料')
  await page.getByLabel('追溯码或批次号').fill(w.city.sample.walk.code)
  await page.getByRole('button', { name: '开始排查' }).click()
  await page.waitForURL(/investigations\/[0-9a-f-]{36}/, { timeout: 30_000 })
  const id = page.url().split('/').pop().split('?')[0]
  for (const view of ['graph', 'map', 'time', 'table']) {
    await page.goto(`/console/investigations/${id}?view=${view}`)
    await page.locator('.wb').waitFor()
    await settled(page)
    assert.deepEqual(await violations(page), [], view)
  }
  // the side panel of a place and of a delivery, at all widths
  for (const [tab, width] of [['主体', 1440], ['流转', 768], ['主体', 360]]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto(`/console/investigations/${id}?view=table`)
    await page.locator('.wb').waitFor()
    await page.getByRole('group', { name: '表格内容' }).getByRole('button', { name: tab }).click()
    await page.locator('.table-body tbody tr').first().click()
    if (width < 1024) await page.locator('.wb-panel-open').click()
    await page.getByRole('group', { name: '病例或对照' }).waitFor()
    assert.deepEqual(await violations(page), [], `panel at ${width}`)
  }
  await page.setViewportSize({ width: 1440, height: 900 })
  // the whole nation: its parts are drawn, 南海诸岛 has its inset, and who may publish it is said
  await page.goto(`/console/investigations/${id}?view=map`)
  await page.getByRole('button', { name: '全国' }).click()
  await page.locator('.south-sea canvas').first().waitFor()
  const ground = JSON.parse(await page.locator('[data-ground]').first().getAttribute('data-ground'))
  assert.equal(ground.provinces.length, 34)
  assert.ok(ground.lines.includes('nine-dash') && ground.islets >= 325, JSON.stringify(ground))
  assert.match(await page.locator('.map-note').innerText(), /审图号|不得公开发布/)
  // a circle of kilometres around a place
  await page.goto(`/console/investigations/${id}?view=table`)
  await page.locator('.table-body tbody tr').first().click()
  await page.getByRole('button', { name: '筛选' }).click()
  await page.getByLabel('离中心多少公里').selectOption('2')
  await page.locator('.wb-narrow').waitFor()
  const network = await ask(page, `/api/investigations/${id}/network`)
  const inside = Number((await page.locator('.wb-narrow').innerText()).match(/主体 ([\d,]+) 家/)[1])
  assert.ok(inside >= 1 && inside < network.stations.length, `${inside} of ${network.stations.length}`)
  const names = new Set(network.stations.map((s) => s.name))
  assert.ok(names.has(answer.source_name), `the source is among ${names.size} businesses`)
  assert.ok(names.has(w.city.sample.walk.shop))
  await page.goto(`/console/investigations/${id}?view=table`)
  await page.getByText(answer.source_name).first().waitFor()
  // the whole of it as tables, in the background
  await page.getByRole('button', { name: '导出', exact: true }).click()
  await page.getByRole('button', { name: /整套表格/ }).click()
  await page.getByRole('button', { name: '看进度' }).click()
  await page.getByRole('link', { name: /^下载/ }).waitFor({ timeout: 60_000 })
  // frozen: it has a number of its own and takes no more marks
  await page.goto(`/console/investigations/${id}`)
  await page.getByRole('button', { name: '固定范围' }).click()
  await page.getByLabel('说明（依据、批准人）').fill('试验')
  await page.getByRole('button', { name: '固定', exact: true }).click()
  await page.getByText(/范围已固定/).waitFor({ timeout: 30_000 })
  // it is in the list of scopes, from where its tables are made again, and a new case goes on from its start
  await page.goto('/console/investigations/scopes')
  await settled(page)
  assert.deepEqual(await violations(page), [])
  await page.getByRole('row').nth(1).getByRole('button', { name: /表格/ }).click()
  await page.getByRole('button', { name: '看进度' }).click()
  await page.getByRole('link', { name: /^下载/ }).waitFor({ timeout: 60_000 })
  await page.goto(`/console/investigations/${id}`)
  await page.getByRole('link', { name: '另建排查' }).click()
  await page.getByText(/重新追一遍/).waitFor()
  await page.getByRole('button', { name: '开始排查' }).click()
  await page.waitForURL((u) => /investigations\/[0-9a-f-]{36}$/.test(u.pathname) && !u.pathname.endsWith(id), { timeout: 30_000 })
  await leave()
})

test('a network larger than a drawing: totals of all of it, every row of it in the table', async () => {
  const { page, leave } = await w.person('investigator')
  const made = await page.evaluate(async () => {
    const lots = Array.from({ length: 4_000 }, (_, i) => i + 1)
    const r = await fetch('/api/investigations', { method: 'POST', headers: { 'content-type': 'application/json', 'x-shian': '1', 'idempotency-key': crypto.randomUUID() }, body: JSON.stringify({ title: '试验：很大的网络', seeds: { lots } }) })
    return r.json()
  })
  assert.ok(made.deliveries > 3_000, `${made.deliveries} deliveries`)
  await page.goto(`/console/investigations/${made.id}?view=table`)
  await page.locator('.wb').waitFor()
  await settled(page)
  const number = (n) => n.toLocaleString('zh-CN')
  assert.ok((await page.locator('.wb-figures').innerText()).includes(number(made.deliveries)))
  await page.getByRole('group', { name: '表格内容' }).getByRole('button', { name: '流转' }).click()
  await page.getByText(`共 ${number(made.deliveries)} 条`).waitFor()
  await page.getByRole('button', { name: '下一页' }).click()
  await page.getByText(/^2 \//).waitFor()
  // a row that is not drawn can be marked all the same
  await page.locator('.table-body tbody tr').first().click()
  await page.getByRole('button', { name: '阳性样品' }).click()
  await page.getByText(/标记已保存/).waitFor()
  await page.getByText(/得分已更新/).waitFor()
  await page.getByRole('group', { name: '表格内容' }).getByRole('button', { name: '主体' }).click()
  await page.locator('.table-body tbody tr').first().waitFor()
  await settled(page)
  assert.deepEqual(await violations(page), [])
  await leave()
})

test('a list is exported as it was filtered', async () => {
  const { page, leave } = await w.person('officer1')
  await page.goto('/console/lots?state=transit&on_hand=1')
  await settled(page)
  await page.getByRole('button', { name: '导出' }).click()
  await page.getByRole('button', { name: '文本（csv）' }).click()
  await page.getByRole('button', { name: '看进度' }).click()
  const link = page.getByRole('link', { name: /^下载 批次/ })
  await link.waitFor({ timeout: 30_000 })
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  const text = readFileSync(await download.path(), 'utf8')
  const { total } = await ask(page, '/api/lots?state=transit&on_hand=1&size=1')
  assert.equal(text.trim().split('\n').length, total + 1)
  assert.ok(!/库存/.test(text.split('\n')[1]), 'only goods on the way')
  await leave()
})
