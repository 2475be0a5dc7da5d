// What is put right afterwards: two records made one, a record declared wrong; and large files that go on where they stopped.
import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { settled, violations } from './lib/browser.js'
import { ask, tell, WIDTHS, world } from './lib/world.js'

const w = world()

test('two records of one business become one, with a name taken over; and two again', async () => {
  const { page, leave } = await w.person('officer1')
  const address = '试验路 88 号'
  const make = async (name, division) => (await tell(page, 'POST', '/api/parties', { name, kind: 'restaurant', division, address })).party
  const [old, kept] = [await make('老张包子铺', '410902001'), await make('华龙区老张包子铺（试验路店）', '410902002')]
  await page.goto(`/console/parties/${old.id}`)
  await settled(page)
  await page.getByRole('button', { name: '更多' }).click()
  await page.getByRole('link', { name: '合并重复主体' }).click()
  // the other one is offered by itself: it stands at the same address
  await page.locator('.merge-list button', { hasText: kept.name }).click()
  await page.getByRole('button', { name: `并入 ${kept.name}` }).waitFor()
  for (const [width, height] of WIDTHS) {
    await page.setViewportSize({ width, height })
    await settled(page)
    assert.deepEqual(await violations(page), [], `at ${width}`)
  }
  await page.getByRole('button', { name: `并入 ${kept.name}` }).click()
  await page.getByText('请写明凭什么认定是同一家').waitFor()
  await page.getByLabel('认定依据').fill('同一地址、同一负责人')
  await page.locator('.merge-rows tr', { hasText: '名称' }).getByRole('checkbox').check()
  await page.getByRole('button', { name: `并入 ${kept.name}` }).click()
  await page.waitForURL((u) => u.pathname.endsWith(kept.id))
  await page.getByRole('heading', { level: 1, name: old.name }).waitFor()
  await page.locator('.card', { hasText: '并入的旧记录' }).getByText(old.code).waitFor()
  // the old one says where it went, and takes nothing any more
  await page.goto(`/console/parties/${old.id}`)
  await page.getByText('这一条已并入').waitFor()
  assert.equal(await page.getByRole('link', { name: '修改' }).count(), 0)
  await page.getByRole('button', { name: '撤销合并' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('核实后是两家')
  await page.getByRole('dialog').getByRole('button', { name: '撤销合并' }).click()
  await page.getByRole('link', { name: '修改' }).waitFor()
  assert.equal(await page.getByText('这一条已并入').count(), 0)
  await leave()
})

test('an amount that was typed wrong is declared, and both records point at each other', async () => {
  const { page, leave } = await w.person('owner')
  const own = (await ask(page, '/api/session')).party.id
  const { items } = await ask(page, `/api/lots?holder=${own}&state=stock&on_hand=1&size=100`)
  const lot = items.find((l) => l.on_hand >= 4)
  assert.ok(lot, 'the factory has stock')
  const sold = await tell(page, 'POST', '/api/moves', { mode: 'all', items: [{ kind: 'sell', party: own, takes: [{ lot: lot.no, amount: 3 }] }] })
  assert.equal(sold.kept.length, 1)
  await page.goto(`/console/lots/${lot.no}`)
  await settled(page)
  await page.getByRole('button', { name: '更正这条销售记录' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: '声明更正' }).click()
  await dialog.getByText('请写明哪里错了').waitFor()
  await dialog.getByLabel('哪里错了').fill('数量打错了')
  await dialog.getByLabel('数量必填').fill(lot.unit === 'pc' ? '1' : '0.001')
  await dialog.getByLabel('日期必填').fill('今天')
  await dialog.getByLabel('日期必填').blur()
  assert.match(await dialog.getByLabel('日期必填').inputValue(), /^\d{4}-\d\d-\d\d$/)
  assert.deepEqual(await violations(page), [])
  await dialog.getByRole('button', { name: '声明更正' }).click()
  await page.getByText('已声明有误：数量打错了').first().waitFor()
  await page.getByText(/代替第 \d+ 号有误的记录/).first().waitFor()
  const now = await ask(page, `/api/lots/${lot.no}`)
  assert.equal(now.lot.on_hand, lot.on_hand - 1, 'the stock is as it was meant')
  await leave()
})

test('a day is picked by keyboard, and reads the same in an English browser', async () => {
  const { page, leave } = await w.person('owner', { locale: 'en-US' })
  await page.goto('/console/capture/sell')
  await settled(page)
  const field = page.getByLabel('日期必填')
  const today = await field.inputValue()
  assert.match(today, /^\d{4}-\d\d-\d\d$/)
  assert.equal(await page.locator('input[type=date]').count(), 0)
  await page.getByRole('button', { name: '日期打开日历' }).focus()
  await page.keyboard.press('Enter')
  const days = page.getByRole('dialog', { name: '日期选日期' })
  await days.getByRole('grid').waitFor()
  assert.deepEqual(await violations(page), [])
  await page.waitForFunction(() => document.activeElement?.closest('[role=grid]'))
  // tomorrow cannot be, so the walk ends at today; two weeks back and one day on
  for (const key of ['ArrowRight', 'ArrowUp', 'ArrowUp', 'ArrowRight', 'Enter']) await page.keyboard.press(key)
  await days.waitFor({ state: 'detached' })
  const back = new Date(Date.parse(`${today}T00:00Z`) - 13 * 86_400_000).toISOString().slice(0, 10)
  assert.equal(await field.inputValue(), back)
  await field.fill('2026年2月30日')
  await field.blur()
  await page.getByText('没有这一天').waitFor()
  await field.fill('20260131')
  await field.blur()
  assert.equal(await field.inputValue(), '2026-01-31')
  // what was typed is not lost unasked
  page.on('dialog', (d) => d.accept())
  await leave()
})

test('a large file goes on after a lost connection and after a closed page', async () => {
  const { page, leave, faults } = await w.person('officer1')
  const lines = ['名称,统一社会信用代码,业态,行政区划,地址']
  for (let i = 0; lines.length < 120_000; i += 1) lines.push(`续传试验店${i},,不存在的业态,410902,试验大道 ${i} 号，写得长一些以便凑够分片的大小，一二三四五六七八九十`)
  const file = join(tmpdir(), `shian-large-${process.pid}.csv`)
  writeFileSync(file, `\uFEFF${lines.join('\r\n')}`)
  let pieces = 0
  let cut = true
  await page.route('**/api/uploads/*', async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue()
    pieces += 1
    if (cut && pieces > 1) return route.abort('connectionreset')
    return route.continue()
  })
  await page.goto('/console/parties/import')
  await settled(page)
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByRole('button', { name: '导入主体' }).click()
  await page.getByText('连接断了，恢复后自动接着传').waitFor()
  assert.match(await page.locator('.upload-bytes').innerText(), /已传 4\.0 MB，共 \d+\.\d MB/)
  assert.deepEqual(await violations(page), [])
  // the page is closed; the next day the same file is chosen again
  await page.reload()
  await settled(page)
  await page.locator('.left li', { hasText: '传到 4.0 MB' }).waitFor()
  const before = pieces
  cut = false
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByRole('button', { name: '导入主体' }).click()
  await page.getByRole('heading', { name: '3 结果' }).waitFor({ timeout: 60_000 })
  const { items } = await ask(page, '/api/uploads')
  assert.equal(items[0].done, true)
  assert.equal(pieces - before, Math.ceil(items[0].size / 4_194_304) - 1, 'the first piece was not sent again')
  rmSync(file)
  // the cut was meant
  faults.splice(0, faults.length, ...faults.filter((f) => !f.includes('ERR_CONNECTION_RESET')))
  await leave()
})
