// A sample by phone: taken by two with no network, sealed by the second on a phone of their own, handed to the laboratory by code.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { overflow, violations } from './lib/browser.js'
import { open } from './lib/city.js'
import { desk, hand, phone, photo, pocket, signIn } from './lib/field.js'

let city, browser, one, two, owner, lab
before(async () => {
  city = await open()
  browser = await phone()
  ;[one, two, owner] = await Promise.all(['officer1', 'officer3', 'owner'].map((n) => desk(city, n)))
  // the city's own laboratory: whoever receives signs in as one of its people
  lab = (await one.get('/api/labs')).find((l) => /示范/.test(l.name)).id
})
after(async () => {
  await browser?.close()
  await city?.close()
})
const task = (food) => one.post('/api/samples', { party: owner.me.party.id, source: 'county', mode: 'outer', kind: 'supervision', stage: 'trade', category: '4.1', food, lab, samplers: [one.me.user.id, two.me.user.id] })
let pictures = 0
/** Pictures of each step at 360 and 768 into SHIAN_PICTURES, to be looked at. */
async function picture(page) {
  if (!process.env.SHIAN_PICTURES) return
  pictures += 1
  for (const [width, height] of [[768, 1024], [360, 740]]) {
    await page.setViewportSize({ width, height })
    await page.screenshot({ path: `${process.env.SHIAN_PICTURES}/sample-${String(pictures).padStart(2, '0')} ${width}.png`, fullPage: true })
  }
}
const fine = async (page) => {
  await page.getByRole('main').waitFor()
  await picture(page)
  assert.deepEqual(await violations(page), [])
  assert.equal(await overflow(page), 0)
}
/** Text of the QR code that the page shows. */
const shown = async (page, name) => new URL(await page.getByRole('img', { name }).getAttribute('data-text'))
const path = (u) => u.pathname + u.search

/** A phone with everything for the day on it, and then with no network. */
async function ready(name) {
  const p = await pocket(browser, city.base)
  await signIn(p.page, name, city.password)
  await p.page.goto('/field/samples')
  await p.page.waitForFunction(() => !!navigator.serviceWorker.controller)
  await p.page.getByText(/资料都在手机里/).waitFor()
  const leave = async () => {
    await p.context.close()
    assert.deepEqual(p.faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(f)), [])
  }
  return { ...p, leave }
}
const button = (page, name) => page.getByRole('button', { name, exact: true })

test('two phones with no network take a sample from one lot; the laboratory takes it over by code', async () => {
  const sample = await task('手工豆皮')
  const first = await ready('officer1')
  const second = await ready('officer3')
  await first.context.setOffline(true)
  await second.context.setOffline(true)
  const { page } = first
  const h = hand(page)
  await h.tap(page.getByRole('link', { name: /手工豆皮/ }))
  await fine(page)
  await h.tap(button(page, '开始抽样'))
  // the code on the package is read: here as if it were typed, the camera of the test shows no code
  const { goods } = await one.get(`/api/samples/${sample.id}/pack`)
  const lot = goods.find((g) => g.made && g.name)
  if (lot) {
    await h.tap(page.getByRole('button', { name: /批里选/ }))
    await fine(page)
    await h.tap(page.getByRole('dialog').locator('.pick').filter({ hasText: lot.name }).filter({ hasText: lot.batch || lot.name }).first())
  } else await page.getByLabel(/^生产日期/).fill('2026-11-01')
  for (const [label, value] of [[/^规格型号/, '120g/袋'], [/^单价/, '5'], [/^抽样基数/, '50'], [/^抽样数量/, '2.4'], [/^备样数量/, '1.2'], [/^数量单位/, 'kg']]) {
    const field = page.locator('section', { has: page.getByRole('heading', { name: /还要填/ }) }).getByLabel(label)
    if (await field.count()) await h.write(field, value)
  }
  for (const name of ['外购', '预包装', '常温', '自产']) {
    const group = page.locator('section', { has: page.getByRole('heading', { name: /还要填/ }) }).getByRole('button', { name, exact: true })
    if (!lot && name !== '自产') await h.tap(group)
  }
  await fine(page)
  await h.tap(button(page, '下一步：照片'))
  await fine(page)
  await h.tap(page.getByRole('button', { name: '按提示连拍' }))
  for (let n = 1; n <= 8; n += 1) {
    await h.tap(page.getByRole('dialog').getByRole('button', { name: '拍照', exact: true }), 3.5)
    await page.getByRole('heading', { name: `照片 ${n} 张` }).waitFor()
  }
  await h.tap(page.getByRole('dialog').getByRole('button', { name: /^完成/ }))
  await h.tap(button(page, '下一步：封样'))
  await h.tap(button(page, '提交抽样单'))
  await page.getByText('请填检样封条编号').first().waitFor()
  await fine(page)
  await h.write(page.getByLabel(/^检样封条编号/), 'HL000121')
  await h.tap(page.getByRole('button', { name: '接着上一张：HL000122' }))
  await h.tap(page.getByRole('button', { name: '抽样人员（本人）签字' }))
  await h.sign()
  await h.write(page.getByLabel(/^签字人姓名/), '张掌柜')
  await h.tap(page.getByRole('button', { name: '被抽样单位签字' }))
  await h.sign()
  await h.tap(button(page, '提交抽样单'))
  await page.waitForURL(/deliver/)
  console.log(`a whole sampling (form, 8 photos, 2 seals, 2 signatures): ${h.taps} taps, ${Math.round(h.seconds)} s by hand`)
  await fine(page)
  // the second scans it on a phone of their own
  const seal = await shown(page, /另一名抽样人员/)
  await second.page.goto(path(seal))
  await second.page.getByText('HL000122').waitFor()
  await fine(second.page)
  await button(second.page, '编号一致、封条完好，签封').click()
  await second.page.waitForURL(/samples$/)
  // the second's phone comes to a network first: it waits for the sheet
  await second.context.setOffline(false)
  await second.page.goto('/field/queue')
  await second.page.getByText(/等另一名抽样人员/).waitFor()
  assert.equal((await one.get(`/api/samples/${sample.id}`)).sample.status, 'planned')
  // given to the laboratory with no network still: the code is there at once
  await h.tap(page.getByRole('button', { name: /签字移交/ }))
  const code = await shown(page, /收样人/)
  await first.context.setOffline(false)
  const until = async (what, f) => {
    for (let i = 0; i < 240; i += 1) {
      if (await f()) return
      await second.page.getByRole('button', { name: '全部上传' }).click().catch(() => {})
      await new Promise((r) => setTimeout(r, 500))
    }
    throw new Error(what)
  }
  await until('sealed and on offer', async () => {
    const d = await one.get(`/api/samples/${sample.id}`)
    return d.parts.length === 2 && d.parts.every((p) => p.offered_to === lab)
  })
  const d = await one.get(`/api/samples/${sample.id}`)
  assert.equal(d.sample.sample_no, sample.sample_no)
  assert.equal(d.media.filter((m) => m.kind !== 'signature').length, 8)
  assert.deepEqual(d.parts.map((p) => [p.part, p.seal]), [['test', 'HL000121'], ['spare', 'HL000122']])
  assert.ok(d.parts.every((p) => p.hands[0].person === two.me.user.id))
  if (lot) assert.equal(d.sample.lot, lot.code ? lot.lot : d.sample.lot)
  // evidence is fixed five ways: time, place, person, in the app
  assert.ok(d.media.every((m) => m.hash && m.user === one.me.user.id && m.in_app && m.taken_at))
  assert.ok(d.media.filter((m) => m.kind === 'seal').every((m) => Math.abs(m.lon - 115.031) < 1e-6 && m.accuracy === 12))
  // the laboratory
  const receiver = await pocket(browser, city.base)
  await signIn(receiver.page, 'lab.analyst', city.password)
  await receiver.page.goto(path(code))
  await receiver.page.getByText('HL000121').waitFor()
  await fine(receiver.page)
  await button(receiver.page, '签收').click()
  await receiver.page.getByText('请先看封条是否完好').waitFor()
  await button(receiver.page, '完好').click()
  await receiver.page.getByLabel(/到样温度/).fill('4')
  await button(receiver.page, '签收').click()
  await receiver.page.getByText('已签收').waitFor()
  const kept = await one.get(`/api/samples/${sample.id}`)
  assert.equal(kept.sample.status, 'testing')
  assert.ok(kept.parts.every((p) => p.hands.length === 2 && p.hands[0].until_at === p.hands[1].from_at && p.hands[1].giver === one.me.user.id))
  await page.reload()
  await page.getByRole('heading', { name: '保管链' }).waitFor()
  await fine(page)
  await receiver.context.close()
  await first.leave()
  await second.leave()
})

test('with large text nothing stands outside and nothing is lost to a reader', async () => {
  const sample = await task('大字的豆干')
  const { page, leave } = await ready('officer1')
  await page.goto('/field/me')
  await page.getByRole('button', { name: '用大字' }).click()
  await fine(page)
  for (const path of ['', 'samples', `samples/${sample.id}`, 'queue', 'checks', 'scan']) {
    await page.goto(`/field/${path}`)
    await page.locator('html.care main').first().waitFor()
    await fine(page)
  }
  await page.goto(`/field/samples/${sample.id}`)
  await button(page, '开始抽样').click()
  await fine(page)
  await leave()
})

test('a refusal is a result with its proof; it lands once', async () => {
  const sample = await task('拒检的豆干')
  const { page, context, leave } = await ready('officer1')
  await context.setOffline(true)
  await page.goto(`/field/samples/${sample.id}`)
  await button(page, '没抽到').click()
  await button(page, '提交').click()
  await page.getByText('请写明拒绝的经过').first().waitFor()
  await fine(page)
  await button(page, '锁门离开，拒不配合').click()
  await page.getByLabel(/在场见证人/).fill('邻摊李某')
  await page.locator('input[type=file]').setInputFiles(await photo(page, 91))
  await page.getByRole('button', { name: '现场证据 1' }).waitFor()
  await button(page, '提交').click()
  await page.waitForURL(/samples$/)
  await context.setOffline(false)
  await page.goto('/field/queue')
  await page.getByText('已送达').first().waitFor()
  const d = await one.get(`/api/samples/${sample.id}`)
  assert.deepEqual([d.sample.status, d.sample.flags.includes('refused'), d.media.length], ['closed', true, 1])
  await leave()
})

test('what is begun survives a reload, asks for what is missing, and the other sampler cannot hand in another', async () => {
  const sample = await task('半途的豆干')
  const { page, leave } = await ready('officer1')
  await page.goto(`/field/samples/${sample.id}`)
  await button(page, '网络抽样').click()
  await button(page, '开始抽样').click()
  await page.getByLabel(/^买样人账号/).fill('buyer-01')
  await page.getByText('已存本机').waitFor()
  await page.reload()
  assert.equal(await page.locator('#at-account input').inputValue(), 'buyer-01')
  await button(page, '下一步：照片').click()
  await page.getByText(/项没有填/).waitFor()
  await fine(page)
  await assert.rejects(two.post(`/api/samples/${sample.id}/hold`, { device: 'x' }), /sample_held/)
  await leave()
})
