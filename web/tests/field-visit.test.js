// A visit by phone, from the door to the signed record: with no network, against the clock, on paper, and back to the business.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { violations } from './lib/browser.js'
import { open } from './lib/city.js'
import { desk, hand, phone, photo, pocket, signIn, still } from './lib/field.js'

let city, browser, one, two, owner
before(async () => {
  city = await open()
  browser = await phone()
  one = await desk(city, 'officer1')
  two = await desk(city, 'officer3')
  owner = await desk(city, 'owner')
})
after(async () => {
  await browser?.close()
  await city?.close()
})
const day = (n) => new Date(Date.now() + n * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)
const planned = (kind, checklist) => one.post('/api/visits', { kind, party: owner.me.party.id, officers: [one.me.user.id, two.me.user.id], due: day(1), ...(checklist ? { checklist } : {}) }).then((v) => v.visit ?? v)

const verdict = (page, code, name) => page.getByRole('group', { name: `${code} 的结果` }).getByRole('button', { name, exact: true })
async function signAll(page, h) {
  for (const who of [one, two]) {
    await h.tap(page.getByRole('button', { name: `${who.me.user.full_name} 签字` }))
    await h.sign()
  }
  await h.write(page.getByLabel('签字人姓名'), '张掌柜')
  await h.tap(page.getByRole('button', { name: '请对方签字（被检查单位）' }))
  await h.sign()
}
/** A printer that writes down what it is sent. */
const printer = (context) =>
  context.addInitScript(() => {
    globalThis.printed = []
    const outlet = { properties: { write: true, writeWithoutResponse: true }, writeValueWithResponse: async (b) => void globalThis.printed.push(...new Uint8Array(b.buffer ?? b)) }
    const device = { name: 'P', gatt: { connect: async () => ({ getPrimaryServices: async () => [{ getCharacteristics: async () => [outlet] }] }) } }
    Object.defineProperty(navigator, 'bluetooth', { value: { requestDevice: async () => device } })
  })
const sent = (page) => page.locator('.tag', { hasText: '已送达' }).first().waitFor({ timeout: 30_000 })

test('twelve items with two problems, three photos and three signatures: in 90 seconds by hand, with no network', async () => {
  const visit = await planned('special')
  const { context, page, faults } = await pocket(browser, city.base)
  await signIn(page, 'officer1', city.password)
  await page.getByText('今天的资料都在手机里').waitFor()
  await page.waitForFunction(() => navigator.serviceWorker.ready.then(() => true))
  await page.reload()
  await page.getByText(/今天的资料都在手机里/).waitFor()
  await context.setOffline(true)
  const pack = await one.get(`/api/visits/${visit.id}/pack`)
  // a special check looks at some items only
  const plain = pack.checklist.items.filter((i) => i.photo !== 'always')
  const items = plain.slice(0, 12)
  const began = Date.now()
  const h = hand(page)
  await h.tap(page.getByRole('link', { name: new RegExp(pack.business.name) }).first())
  await h.tap(page.getByRole('button', { name: '到达现场，开始检查' }))
  for (const [n, item] of items.entries()) {
    if (n === 4 || n === 9) {
      await h.tap(verdict(page, item.code, '不符合'))
      const card = page.locator(`#item-${item.code}`)
      await h.tap(card.getByRole('button', { name: n === 4 ? '记录缺失或不完整' : '环境不洁' }))
      if (item.photo !== 'never') await h.photo(card.getByRole('button', { name: `${item.code} 照片：拍照或录像` }))
      if (n === 9) {
        await h.tap(card.getByRole('button', { name: '轻微' }))
        await h.tap(card.getByRole('button', { name: '已当场改正' }))
        await h.photo(card.getByRole('button', { name: `${item.code} 改正后：拍照或录像` }))
      }
    } else await h.tap(verdict(page, item.code, '符合'))
  }
  await h.tap(page.getByRole('button', { name: '下一步：签字' }))
  await signAll(page, h)
  await h.tap(page.getByRole('button', { name: '提交记录' }))
  await page.waitForURL(/queue\//)
  await page.getByText('待上传').first().waitFor()
  await page.getByRole('img', { name: /企业扫这个二维码/ }).waitFor()
  console.log(`12 items, 2 problems, 3 photos, 3 signatures: ${h.taps} taps, ${Math.round(h.seconds)} s by hand; the test took ${Math.round((Date.now() - began) / 1000)} s`)
  assert.ok(h.seconds <= 90, `${h.seconds} s`)
  await context.setOffline(false)
  await sent(page)
  const kept = await one.get(`/api/visits/${visit.id}`)
  assert.equal(kept.record.record.answers.length, 12)
  assert.deepEqual(kept.findings.map((f) => f.status).sort(), ['mending', 'verifying'])
  const { answers, signatures } = kept.record.record
  const named = new Set([...answers.flatMap((a) => [...a.photos, ...a.after]), ...signatures.officers.map((o) => o.file), signatures.business.file])
  assert.deepEqual((await one.get(`/api/visits/${visit.id}/photos`)).map((p) => p.sha256).sort(), [...named].sort())
  await page.getByText(kept.visit.record_no).waitFor()
  assert.deepEqual(await violations(page), [])
  await context.close()
  assert.deepEqual(faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(f)), [])
})

test('a whole checklist: what is missing is said, a refusal has its witness, the paper is the server’s, the business mends', async () => {
  const visit = await planned('daily')
  const { context, page } = await pocket(browser, city.base)
  await printer(context)
  await signIn(page, 'officer1', city.password)
  await page.goto(`/field/visits/${visit.id}`)
  await page.getByRole('button', { name: '到达现场，开始检查' }).click()
  const { checklist } = await one.get(`/api/visits/${visit.id}/pack`)
  assert.ok(checklist.items.length >= 40)
  const bad = checklist.items.find((i) => i.photo === 'bad')
  await verdict(page, bad.code, '不符合').click()
  await page.getByRole('button', { name: `${bad.code} 的检查方法和依据` }).click()
  await page.getByRole('dialog').getByText(bad.statute).first().waitFor()
  assert.deepEqual(await violations(page), [])
  await page.getByRole('button', { name: '知道了' }).click()
  while (await page.getByRole('button', { name: '其余符合' }).count()) await page.getByRole('button', { name: '其余符合' }).first().click()
  await page.getByRole('button', { name: '下一步：签字' }).click()
  await page.getByText(/项没有填全/).waitFor()
  await page.locator(`#item-${bad.code}`).getByLabel(/不符合的情况/).fill('进货查验记录缺三天')
  for (const item of [bad, ...checklist.items.filter((i) => i.photo === 'always')]) {
    const card = page.locator(`#item-${item.code}`)
    await card.locator('input[type=file]').setInputFiles(await photo(page, checklist.items.indexOf(item) + 40))
    await card.getByRole('button', { name: `${item.code} 照片 1` }).waitFor()
  }
  assert.deepEqual(await violations(page), [])
  await page.getByRole('button', { name: '下一步：签字' }).click()
  await page.getByRole('button', { name: '提交记录' }).click()
  await page.getByText('检查人员不少于两人签字，还差 2 人').first().waitFor()
  const h = hand(page)
  for (const who of [one, two]) {
    await page.getByRole('button', { name: `${who.me.user.full_name} 签字` }).click()
    await h.sign()
  }
  await page.getByRole('button', { name: '拒签', exact: true }).click()
  await page.getByRole('button', { name: '负责人拒绝签字' }).click()
  await page.getByLabel(/见证人姓名/).fill('李邻居')
  await page.getByRole('button', { name: '见证人签字' }).click()
  await h.sign()
  assert.deepEqual(await violations(page), [])
  await page.getByRole('button', { name: '提交记录' }).click()
  await page.waitForURL(/queue\//)
  await sent(page)
  const kept = await one.get(`/api/visits/${visit.id}`)
  assert.equal(kept.record.record.answers.length, checklist.items.length)
  assert.equal(kept.record.record.signatures.refusal.witness, '李邻居')
  // paper: the bytes of the server, nothing else
  await page.getByRole('button', { name: '58 毫米小票' }).click()
  await page.getByText('已送到打印机').waitFor()
  const printed = Buffer.from(await page.evaluate(() => globalThis.printed))
  const told = Buffer.from(await page.evaluate(async (id) => [...new Uint8Array(await (await fetch(`/api/visits/${id}/record.escpos?width=58`)).arrayBuffer())], visit.id))
  assert.ok(printed.equals(told) && printed.length > 400, `${printed.length} of ${told.length}`)
  // once more with no network: the same bytes are kept
  await context.setOffline(true)
  await page.evaluate(() => (globalThis.printed.length = 0))
  await page.getByRole('button', { name: '58 毫米小票' }).click()
  await page.waitForFunction((n) => globalThis.printed.length === n, told.length)
  await context.close()

  // the business scans, mends, and the officer finds it among what waits for a check
  const shop = await pocket(browser, city.base)
  await signIn(shop.page, 'owner', city.password)
  await shop.page.goto(new URL(kept.answer_url).pathname)
  await shop.page.getByText(kept.visit.record_no).waitFor()
  assert.deepEqual(await violations(shop.page), [])
  await shop.page.getByRole('link', { name: '提交整改' }).click()
  await shop.page.getByLabel(/怎样整改的/).fill('已补齐并专人负责')
  await shop.page.locator('input[type=file]').setInputFiles(await photo(shop.page, 77))
  await shop.page.getByRole('button', { name: '整改照片 1' }).waitFor()
  assert.deepEqual(await violations(shop.page), [])
  await shop.page.getByRole('button', { name: '提交整改' }).click()
  await shop.page.waitForURL(/queue/)
  await shop.page.getByText('已送达').first().waitFor()
  await shop.page.goto(new URL(kept.answer_url).pathname)
  await still(shop.page)
  await shop.page.getByRole('button', { name: '陈述意见' }).click()
  await shop.page.getByLabel('陈述与申辩').fill('三天记录在总店')
  await shop.page.getByRole('button', { name: '提交', exact: true }).click()
  await shop.page.getByText('陈述意见已提交').waitFor()
  const finding = await one.get(`/api/findings/${kept.findings[0].id}`)
  assert.equal(finding.status, 'verifying')
  await shop.context.close()
})

test('somebody else has it in hand: it is told, nothing is lost, and later it goes through', async () => {
  const visit = await planned('special')
  const { context, page } = await pocket(browser, city.base)
  await printer(context)
  await signIn(page, 'officer1', city.password)
  await two.post(`/api/visits/${visit.id}/lock`, { device: 'other' })
  await page.goto(`/field/visits/${visit.id}`)
  await page.getByRole('button', { name: '到达现场，开始检查' }).click()
  await page.getByText(/您可以继续填写/).waitFor()
  const item = (await one.get(`/api/visits/${visit.id}/pack`)).checklist.items.find((i) => i.photo !== 'always')
  await verdict(page, item.code, '符合').click()
  await page.getByText('已存本机').waitFor()
  await page.reload()
  assert.equal(await verdict(page, item.code, '符合').getAttribute('aria-pressed'), 'true', 'it goes on where it was')
  await page.getByRole('button', { name: '下一步：签字' }).click()
  await signAll(page, hand(page))
  await page.getByRole('button', { name: '提交记录' }).click()
  await page.locator('.tag', { hasText: '没有被接受' }).waitFor({ timeout: 20_000 })
  await page.getByText('您的记录没有丢').waitFor()
  // paper before the server has it: a picture of 576 dots, band by band, and the cut
  await page.getByRole('button', { name: '80 毫米小票' }).click()
  await page.getByText('已送到打印机').waitFor()
  const printed = await page.evaluate(() => globalThis.printed)
  assert.deepEqual(printed.slice(0, 10), [0x1b, 0x40, 0x1d, 0x76, 0x30, 0, 72, 0, 64, 0])
  assert.deepEqual(printed.slice(-4), [0x1d, 0x56, 66, 0])
  assert.ok(printed.filter((b) => b !== 0).length > 2_000, 'there is something on it')
  assert.deepEqual(await violations(page), [])
  await two.post(`/api/visits/${visit.id}/unlock`, {})
  await page.getByRole('button', { name: '重试' }).click()
  await sent(page)
  assert.equal((await one.get(`/api/visits/${visit.id}`)).visit.status, 'recorded')
  await context.close()
})

test('a manager is examined at the visit with no network: a paper nobody chose, marks on the phone as at the server, a finding for who failed', async () => {
  const visit = await planned('daily')
  const { context, page, faults } = await pocket(browser, city.base)
  await signIn(page, 'officer1', city.password)
  await page.getByText('今天的资料都在手机里').waitFor()
  await page.waitForFunction(() => navigator.serviceWorker.ready.then(() => true))
  await page.reload()
  await page.getByText(/今天的资料都在手机里/).waitFor()
  const pack = await one.get(`/api/visits/${visit.id}/pack`)
  await context.setOffline(true)
  await page.goto(`/field/visits/${visit.id}`)
  await page.getByRole('button', { name: '到达现场，开始检查' }).click()
  const h = hand(page)
  /** `right`: how many of its questions are answered as they should be; the next is answered wrong, the rest not at all. */
  async function examined(no, post, family, right) {
    const { questions } = pack.exam.papers[no - 1]
    await page.getByRole('button', { name: no === 1 ? '抽考一人' : '抽考下一人' }).click()
    await page.getByRole('heading', { name: `第 ${no} 份试卷：抽考谁` }).waitFor()
    await page.getByRole('button', { name: new RegExp(`^${post}（`) }).click()
    await page.getByRole('button', { name: '开始答题' }).click()
    await page.getByText('请填写姓').waitFor()
    await page.getByLabel(/^姓/).fill(family)
    await page.getByRole('button', { name: '开始答题' }).click()
    for (const [i, q] of questions.entries()) {
      await page.getByRole('heading', { name: q.text }).waitFor()
      if (i === 0) assert.deepEqual(await violations(page), [])
      const wrong = [...'ABCD'].slice(0, q.choices.length).find((l) => !q.right.includes(l)) ?? q.right[0]
      const chosen = i < right ? q.right : i === right ? wrong : ''
      for (const letter of chosen) await page.getByRole('group', { name: q.text }).getByRole('button').nth('ABCD'.indexOf(letter)).click()
      if (i < questions.length - 1) await page.getByRole('button', { name: '下一题' }).click()
    }
    await page.getByRole('button', { name: /^交卷/ }).click()
    await page.getByText(/交卷后不能再改/).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: '交卷', exact: true }).click()
    const score = Math.floor((right * 100) / questions.length)
    await page.getByRole('status').filter({ hasText: `${score} 分` }).waitFor()
    assert.deepEqual(await violations(page), [])
    await page.getByRole('button', { name: '请被抽考人签字' }).click()
    await h.sign()
    await page.getByRole('button', { name: '完成', exact: true }).click()
    return score
  }
  await page.getByRole('button', { name: '抽考食品安全管理人员' }).click()
  const all = pack.exam.papers[0].questions.length
  const good = await examined(1, '食品安全员', '张', all)
  const poor = await examined(2, '食品安全总监', '李', 2)
  assert.deepEqual(await violations(page), [])
  await page.getByText(/李\*：.*不合格/).waitFor()
  await page.reload()
  await page.getByText(/李\*：.*不合格/).waitFor()
  await page.getByRole('button', { name: '返回检查表' }).click()
  while (await page.getByRole('button', { name: '其余符合' }).count()) await page.getByRole('button', { name: '其余符合' }).first().click()
  for (const always of pack.checklist.items.filter((i) => i.photo === 'always')) {
    const card = page.locator(`#item-${always.code}`)
    await card.locator('input[type=file]').setInputFiles(await photo(page, pack.checklist.items.indexOf(always) + 640))
    await card.getByRole('button', { name: `${always.code} 照片 1` }).waitFor()
  }
  await page.getByRole('button', { name: '下一步：签字' }).click()
  await page.getByText('限期补考').waitFor()
  await signAll(page, h)
  await page.getByRole('button', { name: '提交记录' }).click()
  await page.waitForURL(/queue\//)
  await context.setOffline(false)
  await sent(page)
  // the server drew the papers again, and marks as the phone did
  const kept = await one.get(`/api/visits/${visit.id}`)
  assert.deepEqual(kept.exams.map((e) => [e.no, e.name, e.score, e.passed]), [[1, '张*', good, true], [2, '李*', poor, false]])
  assert.ok(kept.exams.every((e) => e.file) && !JSON.stringify(kept.exams).includes('family'))
  assert.equal(kept.findings.length, 1)
  assert.equal(kept.findings[0].id, kept.exams[1].finding)
  await context.close()
  assert.deepEqual(faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(f)), [])
})
