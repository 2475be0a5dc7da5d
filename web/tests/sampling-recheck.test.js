// 复检 and 仪器读数: what an instrument read becomes a result that is signed; what failed is tested again by a laboratory that was drawn in the open, item
// by item; the business has its reports and sees how it was drawn.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from './lib/browser.js'
import { desk } from './lib/field.js'
import { button, csv, looker, taken } from './lib/sampling.js'
import { ask, world } from './lib/world.js'

const w = world()
const fine = looker('recheck')
/** Until the ledger has signed: the page says so after it is loaded anew. */
async function signed(page) {
  for (let n = 0; n < 60; n += 1) {
    if (await button(page, '随机抽取').isEnabled()) return
    await page.waitForTimeout(2_000)
    await page.reload()
    await settled(page)
    await button(page, '随机抽取').waitFor()
  }
  assert.fail('the ledger did not sign within two minutes')
}

test('readings become results, and a failure is rechecked in the open', async () => {
  const [one, two, owner] = await Promise.all(['officer1', 'officer3', 'owner'].map((n) => desk(w.city, n)))
  const lab = (await one.get('/api/labs')).find((l) => /禾安/.test(l.name))
  const task = await one.post('/api/samples', { party: owner.me.party.id, source: 'county', mode: 'outer', kind: 'supervision', stage: 'trade', category: '4', food: '豆干', lab: lab.id, samplers: [one.me.user.id, two.me.user.id] })
  const office = await w.person('officer1')
  await office.page.goto('/console/samples')
  await taken(w.city, office.page, one, two, task, `R${Date.now() % 1e6}`)
  const clerk = await desk(w.city, 'lab.analyst')
  await clerk.post(`/api/assays/${task.blind}/accept`, { seal_whole: true, temperature: '4.2' })

  // a file of the instrument: two readings of one item, one row that fits nowhere
  const analyst = await w.person('lab.analyst')
  const lp = analyst.page
  await lp.goto('/console/assays/readings')
  await settled(lp)
  const rows = [`${task.blind},Unknown,Benzoic acid,1.40,g/kg`, `${task.blind},Unknown,Benzoic acid,1.52,g/kg`, 'QQQQQQQQQQ,Unknown,Benzoic acid,0.2,g/kg']
  const run = csv('批次一.csv', `Sample Name,Sample Type,Compound,Calc. Conc.,Units\n${rows.join('\n')}\n`)
  await lp.locator('input[type=file]').setInputFiles(run)
  await lp.getByText('请先选择仪器导出的格式').waitFor()
  await lp.getByLabel('仪器导出的格式必填').selectOption('lcms')
  await lp.locator('input[type=file]').setInputFiles(run)
  await lp.getByText('收下 2，退回 1').waitFor()
  const back = await lp.request.get(await lp.getByRole('link', { name: '下载退回的行（带原因）' }).getAttribute('href'))
  assert.match(await back.text(), /QQQQQQQQQQ/)
  await fine(lp)

  // the last reading is filled in; an earlier one is chosen; what is typed against it wants a reason
  await lp.goto(`/console/assays/${task.blind}`)
  await lp.getByLabel('第 1 项结果').waitFor()
  assert.equal(await lp.getByLabel('第 1 项结果').inputValue(), '1.52')
  const which = lp.getByLabel('第 1 项按哪次仪器读数')
  await which.selectOption({ index: 1 })
  assert.equal(await lp.getByLabel('第 1 项结果').inputValue(), '1.40')
  await lp.getByLabel('第 1 项结果').fill('1.44')
  await button(lp, '提交结果').click()
  await lp.getByText('请按读数录入，或写明改动理由').waitFor()
  await lp.getByLabel('第 1 项与读数不同的理由').fill('积分边界人工修正')
  await fine(lp)
  await button(lp, '提交结果').click()
  await lp.getByText('与仪器读数不同：积分边界人工修正').waitFor()
  await fine(lp)
  await (await desk(w.city, 'lab.verifier')).post(`/api/assays/${task.blind}/verify`, {})
  await (await desk(w.city, 'lab.head')).post(`/api/assays/${task.blind}/issue`, {})
  const acts = (form) => one.post(`/api/cases/${task.id}/acts`, form)
  await acts({ action: 'tell', form: { told_to: '市局' } })
  await acts({ action: 'serve', form: { receiver: '王掌柜', served_on: new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10) } })

  // the business: its report as a file, and an application
  const business = await w.person('owner')
  const bp = business.page
  await bp.goto('/console/own-samples')
  await bp.getByRole('button', { name: '五香豆干' }).first().click()
  const pdf = bp.getByRole('link', { name: /^检验报告 .* PDF$/ })
  const paper = await bp.request.get(await pdf.getAttribute('href'))
  assert.equal((await paper.body()).subarray(0, 4).toString(), '%PDF')
  await bp.getByRole('radio', { name: /^申请复检/ }).check()
  await bp.getByLabel('申请理由必填').fill('自检合格')
  await fine(bp)
  await bp.getByRole('button', { name: '提交：申请复检' }).click()
  await bp.getByText('已提交').waitFor()

  // the office: admitted; promised, signed, drawn
  const { page } = office
  await page.goto(`/console/samples/${task.id}`)
  await settled(page)
  await button(page, '受理复检').click()
  if (await button(page, '受理复检').count() > 1) await button(page, '受理复检').last().click()
  await page.getByText('已办理：受理复检').waitFor()
  await button(page, '承诺名单').click()
  await page.getByText('名单已承诺').first().waitFor()
  await page.getByText('初检机构', { exact: true }).waitFor()
  await fine(page)
  await signed(page)
  await button(page, '随机抽取').click()
  await page.getByText('复检机构已抽定').waitFor()
  await page.getByText('凭据与复算').click()
  await fine(page)
  const drawn = (await ask(page, `/api/samples/${task.id}`)).recheck
  assert.match(drawn.lab_name, /龙湖/)

  // the first laboratory hands the spare on, three people of the other one repeat
  await lp.goto('/console/assays?step=hand')
  await lp.getByRole('link', { name: task.blind }).click()
  await button(lp, '签字移交备样').click()
  await lp.getByText('等对方签收').first().waitFor()
  await fine(lp)
  await analyst.leave()
  const again = await w.person('relab.analyst')
  const ap = again.page
  await ap.goto('/console/assays?step=recheck_receive')
  await ap.getByRole('link', { name: task.blind }).click()
  await ap.getByRole('heading', { name: `盲样 ${task.blind}` }).waitFor()
  assert.ok(!(await ap.locator('main').innerText()).includes('1.44'), 'what was found first is not told')
  await ap.getByLabel('到样温度（℃）').fill('4')
  await fine(ap)
  await button(ap, '签收备样').click()
  await ap.getByLabel('第 1 项结果').fill('0.5 g/kg')
  await fine(ap)
  await button(ap, '提交结果').click()
  await ap.getByText(/您现在不能校核：.*录入/).waitFor()
  await again.leave()
  const verifier = await w.person('relab.verifier')
  await verifier.page.goto(`/console/assays/${task.blind}`)
  await button(verifier.page, '校核无误').click()
  await verifier.page.getByText(/您现在不能签发复检报告/).waitFor()
  await verifier.leave()
  const head = await w.person('relab.head')
  await head.page.goto(`/console/assays/${task.blind}`)
  await button(head.page, '签发复检报告').click()
  await head.page.getByText('复检：推翻').first().waitFor()
  await fine(head.page)
  await head.leave()

  // both see what came of it
  await page.reload()
  await page.getByText('推翻，合格').first().waitFor()
  await fine(page)
  await bp.reload()
  await bp.getByRole('button', { name: '五香豆干' }).first().click()
  await bp.getByText('复检推翻初检结论').waitFor()
  await bp.getByRole('link', { name: /^复检报告 .* PDF$/ }).waitFor()
  await fine(bp)
  await business.leave()
  await office.leave()
})
