// Goods by phone, with no network: rapid tests at a market, and the holders of what is recalled.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { overflow, violations } from './lib/browser.js'
import { open } from './lib/city.js'
import { desk, phone, photo, pocket, signIn } from './lib/field.js'

let city, browser, officer, owner, leader
before(async () => {
  city = await open()
  browser = await phone()
  ;[officer, owner, leader] = await Promise.all(['officer1', 'owner', 'leader'].map((n) => desk(city, n)))
})
after(async () => {
  await browser?.close()
  await city?.close()
})
const day = (n) => new Date(Date.now() + n * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)
let pictures = 0
/** As it stands: nothing outside, no fault for a reader; a picture at two widths into SHIAN_PICTURES. */
async function fine(page) {
  await page.getByRole('main').waitFor()
  if (process.env.SHIAN_PICTURES) {
    pictures += 1
    for (const [width, height] of [[768, 1024], [360, 740]]) {
      await page.setViewportSize({ width, height })
      await page.screenshot({ path: `${process.env.SHIAN_PICTURES}/goods-${String(pictures).padStart(2, '0')} ${width}.png`, fullPage: true })
    }
  }
  assert.deepEqual(await violations(page), [])
  assert.equal(await overflow(page), 0)
}
const button = (page, name) => page.getByRole('button', { name, exact: true })
const result = (page, name) => page.getByRole('group', { name: /^结果/ }).getByRole('button', { name })
/** A phone that has a page's things on it, and then no network. */
async function ready(path, here) {
  const p = await pocket(browser, city.base)
  await signIn(p.page, 'officer1', city.password)
  await p.page.goto(path)
  await p.page.waitForFunction(() => !!navigator.serviceWorker.controller)
  await p.page.getByText(here).waitFor()
  await p.context.setOffline(true)
  const leave = async () => {
    await p.context.close()
    assert.deepEqual(p.faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(f)), [])
  }
  return { ...p, leave }
}
const CARD = { item: '有机磷农药', method: '酶抑制率法', card: { maker: '绿洲生物', batch: 'L2611', expires: day(200) } }

test('a batch at a market with no network: each row once, the positive with its photo, what is refused is mended, the second test with another card', async () => {
  const point = await officer.post('/api/rapid/points', { name: '东关市场快检室', kind: 'market', party: owner.me.party.id, address: '东关街 3 号' })
  await officer.post('/api/rapid/tests', { point: point.id, items: [{ key: 'before-1', food: '菠菜', goods: 'farm', stall: 'A1', result: 'negative', ...CARD }] })
  const { page, context, leave } = await ready('/field/rapid', '检测卡、品种和摊位都在手机里')
  await fine(page)
  await page.getByRole('link', { name: /东关市场快检室/ }).click()
  await result(page, '阴性').click()
  await page.getByRole('dialog', { name: '检测卡或试剂' }).getByRole('button', { name: /L2611/ }).click()
  await page.getByLabel('摊位').fill('A20')
  await button(page, '菠菜').click()
  await result(page, '阴性').click()
  await page.getByRole('heading', { name: '本批 1 条' }).waitFor()
  await result(page, '阴性').click()
  await page.getByText('请填品种').waitFor()
  await page.getByLabel('品种（必填）').fill('茼蒿')
  await result(page, '阳性').click()
  const sheet = page.getByRole('dialog', { name: '茼蒿 阳性' })
  await sheet.getByText(/请拍下检测卡/).waitFor()
  await sheet.locator('input[type=file]').setInputFiles(await photo(page, 311))
  await sheet.getByRole('button', { name: '检测照片 1' }).waitFor()
  await fine(page)
  await button(sheet, '好了').click()
  // a trace code that is none: the phone cannot know, the server says so
  await page.getByText('追溯码、主体、产地、读数').click()
  await page.getByLabel('品种（必填）').fill('韭菜')
  await page.getByLabel('追溯码', { exact: true }).fill('TAAAAAAAAAAAAA')
  await result(page, '阴性').click()
  await page.getByRole('heading', { name: '本批 3 条，阳性或可疑 1 条' }).waitFor()
  await page.getByText('已存本机').waitFor()
  await page.reload()
  await page.getByRole('heading', { name: '本批 3 条，阳性或可疑 1 条' }).waitFor()
  await fine(page)
  await button(page, '提交 3 条').click()
  await page.waitForURL(/queue\//)
  await page.locator('.tag', { hasText: '待上传' }).waitFor()

  await context.setOffline(false)
  await page.locator('.tag', { hasText: '没有被接受' }).waitFor()
  await page.getByText(/没有收下：.*追溯码/).first().waitFor()
  await page.getByText('已通知暂停销售，四小时内复测').waitFor()
  await fine(page)
  const kept = async () => (await officer.get(`/api/rapid/tests?point=${point.id}&size=50`)).items
  assert.deepEqual((await kept()).map((t) => t.food).sort(), ['茼蒿', '菠菜', '菠菜'])
  const bad = (await kept()).find((t) => t.food === '茼蒿')
  const view = await officer.get(`/api/rapid/tests/${bad.id}`)
  assert.deepEqual([view.photos.length, view.photos[0].in_app, view.test.case_id !== ''], [1, false, true])
  await button(page, '改正没有收下的 1 条').click()
  await page.getByRole('button', { name: /韭菜/ }).click()
  const wrong = page.getByRole('dialog', { name: /韭菜/ })
  await wrong.getByText(/上次没有收下/).waitFor()
  await fine(page)
  await wrong.getByLabel('追溯码').fill('')
  await button(wrong, '好了').click()
  await button(page, '提交 1 条').click()
  await page.locator('.tag', { hasText: '已送达' }).waitFor()
  assert.equal((await kept()).length, 4)

  // from the receipt of the first batch to its second test: its own card is not offered again
  await page.goto('/field/queue')
  await page.getByRole('link', { name: /快检 2 条/ }).click()
  await page.getByRole('link', { name: '换卡复测' }).click()
  await page.getByText(/复测原检测/).waitFor()
  await button(page, '选检测卡').click()
  const cards = page.getByRole('dialog', { name: '检测卡或试剂' })
  assert.equal(await cards.getByRole('button', { name: /L2611/ }).count(), 0)
  assert.equal(await cards.getByLabel(/^检测项目/).inputValue(), CARD.item)
  await cards.getByLabel(/^检测方法/).fill(CARD.method)
  await cards.getByLabel(/^厂家/).fill('另一家')
  await cards.getByLabel(/^批号/).fill('N1')
  await button(cards, '就用这一批').click()
  await cards.getByText('请填有效期的最后一天').waitFor()
  await cards.getByLabel(/^有效期至/).fill(day(90))
  await fine(page)
  await button(cards, '就用这一批').click()
  await fine(page)
  await result(page, '阴性').click()
  await button(page, '提交 1 条').click()
  await page.locator('.tag', { hasText: '已送达' }).waitFor()
  assert.equal((await officer.get(`/api/rapid/tests/${bad.id}`)).positive.positive.status, 'released')
  await leave()
})

test('a holder of recalled food is looked at with no network: the shelf against the ledger, photos, and it lands once', async () => {
  const product = await owner.post('/api/products', { name: '试验腐竹', unit: 'g', category: '25', spec: '散装', shelf_days: 30 })
  const moved = await owner.post('/api/moves', { mode: 'all', items: [{ kind: 'produce', makes: [{ product: product.id, amount: 40_000, batch: 'FZ-1' }] }] })
  const lot = moved.kept[0].lots[0]
  const { id } = await leader.post('/api/recalls', { lot, mode: 'ordered', grade: 2, cause: 'safety', source: 'other', source_ref: '', reason: '检出二氧化硫超标' })
  const act = (who, action, form) => who.post(`/api/cases/${id}/acts`, { action, form, client_key: crypto.randomUUID() })
  await act(owner, 'plan', { area: '本市', harm: '二氧化硫超标', steps: '二十个工作日', wording: '召回试验腐竹', channels: '门店', duties: '下架封存', measures: '销毁', expected: '全部收回', hotline: '0393-0000000' })
  await act(leader, 'accept', {})
  await act(owner, 'announce', { begins: day(0), ends: day(20), refund: '凭包装退款' })
  const mine = async () => officer.get(`/api/recalls/${id}/tasks/${owner.me.party.id}`)
  for (let i = 0; i < 150 && !(await officer.get('/api/recall-visits')).some((v) => v.id === id); i += 1) await new Promise((r) => setTimeout(r, 200))

  const { page, context, leave } = await ready('/field/recalls', /资料都在手机里，可以离线核查/)
  await fine(page)
  await page.getByRole('link', { name: /试验腐竹/ }).click()
  await page.getByRole('heading', { name: owner.me.party.name }).waitFor()
  await fine(page)
  await button(page, '提交核查结果').click()
  await page.getByText(/都要填，没有的填 0/).first().waitFor()
  await page.getByRole('button', { name: '货架与台账一致，按台账填' }).click()
  await page.getByText('数量对上了').waitFor()
  // less is on the shelf than the ledger says
  await page.getByLabel(/^现存/).fill('35')
  await page.getByText('还有 5 kg 没有说明去向').waitFor()
  await page.getByLabel(/^已退回/).fill('50')
  await page.getByText(/多出 45 kg/).waitFor()
  await button(page, '提交核查结果').click()
  await page.getByText(/填报合计超过应当说明的数量/).first().waitFor()
  await page.getByLabel(/^已退回/).fill('0')
  await page.getByText('现存、销毁、退回应当附照片').first().waitFor()
  await page.locator('input[type=file]').setInputFiles(await photo(page, 412))
  await page.getByRole('button', { name: '核查照片 1' }).waitFor()
  await page.getByLabel('说明').fill('冷库已封')
  await page.getByText('已存本机').waitFor()
  await page.reload()
  await page.getByText('还有 5 kg 没有说明去向').waitFor()
  assert.equal(await page.getByLabel('说明').inputValue(), '冷库已封')
  await fine(page)
  await button(page, '提交核查结果').click()
  await page.waitForURL(/recalls$/)
  await page.getByText('待上传').waitFor()
  assert.equal((await mine()).task.state, 'open')

  await context.setOffline(false)
  await page.goto('/field/queue')
  await page.getByRole('link', { name: /召回核查：.*送达/ }).click()
  await page.getByText('服务器已收下').waitFor()
  await fine(page)
  const kept = await mine()
  assert.equal(kept.task.state, 'reported')
  assert.deepEqual(kept.lines.map((l) => [l.told.on_hand, l.told.sold, l.told.destroyed, l.told.returned]), [[35_000, 0, 0, 0]])
  assert.deepEqual([kept.reports.length, kept.reports[0].proof.length, kept.reports[0].note], [1, 1, '冷库已封'])
  assert.ok(Math.abs(kept.photos[0].lon - 115.031) < 1e-6 && kept.photos[0].user === officer.me.user.id)
  await page.goto('/field/recalls')
  await page.getByRole('heading', { name: /^已报告/ }).waitFor()
  await leave()
})

test('a disposal of recalled food is watched with no network: as announced, photos, done; what is not done goes back', async () => {
  const product = await owner.post('/api/products', { name: '试验豆皮', unit: 'g', category: '25', spec: '散装', shelf_days: 30 })
  const moved = await owner.post('/api/moves', { mode: 'all', items: [{ kind: 'produce', makes: [{ product: product.id, amount: 40_000, batch: 'DP-1' }] }] })
  const lot = moved.kept[0].lots[0]
  const { id } = await leader.post('/api/recalls', { lot, mode: 'ordered', grade: 2, cause: 'safety', source: 'other', source_ref: '', reason: '检出脱氢乙酸超标' })
  const act = (who, action, form) => who.post(`/api/cases/${id}/acts`, { action, form, client_key: crypto.randomUUID() })
  await act(owner, 'plan', { area: '本市', harm: '脱氢乙酸超标', steps: '二十个工作日', wording: '召回试验豆皮', channels: '门店', duties: '下架封存', measures: '销毁', expected: '全部收回', hotline: '0393-0000000' })
  await act(leader, 'accept', {})
  await act(owner, 'announce', { begins: day(0), ends: day(20), refund: '凭包装退款' })
  const task = `/api/recalls/${id}/tasks/mine`
  for (let i = 0; i < 150 && !(await owner.get('/api/recalls/mine')).some((m) => m.recall.id === id && m.task); i += 1) await new Promise((r) => setTimeout(r, 200))
  const party = owner.me.party.id
  const blank = await browser.newPage()
  const shown = async (n) => (await owner.post(`/api/recalls/${id}/photos?party=${party}&taken_at=${Date.now()}&in_app=1`, new Uint8Array((await photo(blank, n)).buffer), { 'content-type': 'image/jpeg', 'x-file-name': 'p.jpg' })).id
  await owner.post(`${task}/report`, { lines: [{ origin: lot, on_hand: 40_000, sold: 0, destroyed: 0, returned: 0 }], proof: [await shown(511)] })
  await blank.close()
  const plan = (amount) => owner.post(`/api/recalls/${id}/disposals`, { origin: lot, stock: 'held', what: 'destroy', amount, place: '县无害化处理中心', method: '高温化制', planned_at: Date.now() + 3_600_000 })
  const [first, second] = [await plan(30_000), await plan(10_000)]
  const state = async () => Object.fromEntries((await owner.get(task)).disposals.map((d) => [d.id, d]))

  const { page, context, leave } = await ready('/field/recalls', /待见证处置/)
  await fine(page)
  await page.getByRole('link', { name: /试验豆皮.*销毁 30 kg/ }).click()
  await page.getByText('县无害化处理中心').waitFor()
  await button(page, '提交见证结果').click()
  await page.getByText('请选择处置做完了没有').first().waitFor()
  await button(page, '没有做完').click()
  await button(page, '到场后没有进行处置').click()
  await button(page, '做完了').click()
  // what was said of the other answer does not stay
  assert.equal(await page.getByLabel(/^监督情况/).inputValue(), '')
  await page.getByText('请拍处置现场的照片').first().waitFor()
  await button(page, '现场监督销毁，外包装一并毁形').click()
  await page.locator('input[type=file]').setInputFiles(await photo(page, 512))
  await page.getByRole('button', { name: '见证照片 1' }).waitFor()
  await page.getByText('已存本机').waitFor()
  await page.reload()
  await page.getByRole('button', { name: '见证照片 1' }).waitFor()
  await fine(page)
  const seen = Date.now()
  await button(page, '提交见证结果').click()
  await page.waitForURL(/recalls$/)
  await page.getByText(/待见证处置 \d+ 次/).waitFor()
  await page.getByRole('link', { name: /试验豆皮.*销毁 10 kg/ }).click()
  await button(page, '没有做完').click()
  await button(page, '数量与报告不符，已要求重新报告').click()
  await button(page, '提交见证结果').click()
  await page.waitForURL(/recalls$/)
  assert.equal((await state())[first.id].state, 'planned')

  await new Promise((r) => setTimeout(r, 2_000))
  await context.setOffline(false)
  await page.goto('/field/queue')
  await page.getByRole('link', { name: /处置见证：.*送达/ }).nth(1).waitFor()
  await page.getByRole('link', { name: /处置见证：.*送达/ }).nth(1).click()
  await page.getByText('服务器已收下').waitFor()
  await fine(page)
  const now = await state()
  assert.deepEqual([now[first.id].state, now[first.id].proof.length, now[first.id].opinion], ['done', 1, '现场监督销毁，外包装一并毁形'])
  assert.equal(now[second.id].state, 'refused')
  // the hour of the watching, not that of the network
  assert.ok(Math.abs(now[first.id].watched_at - seen) < 1_500, String(now[first.id].watched_at - seen))
  const line = (await owner.get(task)).lines[0].told
  assert.deepEqual([line.on_hand, line.destroyed], [10_000, 30_000])
  await leave()
})
