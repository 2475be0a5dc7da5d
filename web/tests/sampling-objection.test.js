// 异议: the business objects to how it was sampled before there is a result, and to what was found beside its recheck; the office takes it up or not, a leader decides.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overflow, settled, violations } from './lib/browser.js'
import { desk } from './lib/field.js'
import { taken } from './lib/sampling.js'
import { WIDTHS, ask, world } from './lib/world.js'

const w = world()
const button = (page, name) => page.getByRole('button', { name, exact: true })
const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
let pictures = 0
/** As it stands, at three widths: nothing outside, no fault for a reader; a picture into SHIAN_PICTURES. */
async function fine(page) {
  await settled(page)
  pictures += 1
  for (const [width, height] of process.env.SHIAN_PICTURES ? WIDTHS : [[360, 740], [1440, 900]]) {
    await page.setViewportSize({ width, height })
    if (process.env.SHIAN_PICTURES) await page.screenshot({ path: `${process.env.SHIAN_PICTURES}/objection-${String(pictures).padStart(2, '0')} ${width}.png`, fullPage: true })
    assert.equal(await overflow(page), 0, `${width} wide`)
    assert.deepEqual(await violations(page), [])
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}
/** The one sample of the business that this test made. */
async function opened(page, no) {
  await page.goto(`/console/own-samples?q=${no}`)
  await settled(page)
  await page.getByRole('button', { name: '五香豆干' }).first().click()
  await page.getByRole('dialog').waitFor()
}
/** An action of the case on the page of the sample; `fields` by their label. */
async function act(page, id, name, fields = {}) {
  await page.goto(`/console/samples/${id}`)
  await settled(page)
  await button(page, name).first().click()
  for (const [label, value] of Object.entries(fields)) {
    const field = page.getByLabel(label).last()
    if (await field.evaluate((e) => e.tagName) === 'SELECT') await field.selectOption({ label: value })
    else await field.fill(value)
  }
  if (await button(page, name).count() > 1) await button(page, name).last().click()
  await page.getByText(`已办理：${name}`).waitFor()
}

test('an objection is raised, refused, taken up and decided, and takes no recheck away', async () => {
  const [one, two, owner] = await Promise.all(['officer1', 'officer3', 'owner'].map((n) => desk(w.city, n)))
  const lab = (await one.get('/api/labs')).find((l) => /禾安/.test(l.name))
  const task = await one.post('/api/samples', { party: owner.me.party.id, source: 'county', mode: 'outer', kind: 'supervision', stage: 'trade', category: '4', food: '豆干', lab: lab.id, samplers: [one.me.user.id, two.me.user.id] })
  const office = await w.person('officer1')
  await office.page.goto('/console/samples')
  await taken(w.city, office.page, one, two, task, `Y${Date.now() % 1e6}`)

  // how it was sampled, while it is still under way to the laboratory
  const { page: bp } = await w.person('owner')
  await opened(bp, task.sample_no)
  assert.equal(await bp.getByRole('radio').count(), 1, 'nothing else may be said yet')
  await button(bp, '提交：对抽样过程提出异议').click()
  await bp.getByText('请填写').waitFor()
  await bp.getByLabel('异议与证据必填').fill('备样没有当面封样')
  await fine(bp)
  await button(bp, '提交：对抽样过程提出异议').click()
  await bp.getByText('已提交').waitFor()
  const { page } = office
  await act(page, task.id, '不予受理抽样过程异议', { 不予受理的情形: '材料不全且未按要求补正', 说明: '没有提交证据' })
  await fine(page)
  await opened(bp, task.sample_no)
  await bp.getByText('没有提交证据').waitFor()
  await fine(bp)

  // it fails, is reported and served; an objection and the recheck stand beside one another
  const clerk = await desk(w.city, 'lab.analyst')
  await clerk.post(`/api/assays/${task.blind}/accept`, { seal_whole: true, temperature: '4.2' })
  await clerk.post(`/api/assays/${task.blind}/results`, { items: [{ item: '苯甲酸', method: '示范方法一', result: '1.44 g/kg' }] })
  await (await desk(w.city, 'lab.verifier')).post(`/api/assays/${task.blind}/verify`, {})
  await (await desk(w.city, 'lab.head')).post(`/api/assays/${task.blind}/issue`, {})
  await act(page, task.id, '报送不合格结论', { 报送部门: '市局' })
  await one.post(`/api/cases/${task.id}/acts`, { action: 'serve', form: { receiver: '王掌柜', served_on: today() } })
  await opened(bp, task.sample_no)
  await bp.getByRole('radio', { name: /^提出异议\s*最后一日\s*\d{4}-\d\d-\d\d/ }).check()
  await bp.getByLabel('异议内容必填').selectOption('样品真实性')
  await bp.getByLabel('异议与证据必填').fill('包装上的字体与本厂不同')
  await fine(bp)
  await button(bp, '提交：提出异议').click()
  await bp.getByText('已提交').waitFor()
  await opened(bp, task.sample_no)
  assert.equal(await bp.getByRole('radio', { name: /^提出异议/ }).count(), 0, 'one at a time')
  assert.equal(await bp.getByRole('radio', { name: /^申请复检\s*最后一日/ }).count(), 1)
  await fine(bp)
  await act(page, task.id, '受理异议')
  await fine(page)
  const { page: lp } = await w.person('leader')
  await act(lp, task.id, '异议不成立', { 审核意见: '经生产者辨认，样品属实' })
  const after = await ask(lp, `/api/samples/${task.id}`)
  assert.deepEqual([after.sample.status, after.objections.at(-1).state], ['served', 'fails'])
  await opened(bp, task.sample_no)
  await bp.getByText('经生产者辨认，样品属实').waitFor()
  await fine(bp)
})
