// 你点我检: planned and published at desks, chosen by anybody without script, counted and drawn in the open, handed out.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overflow, settled, violations } from './lib/browser.js'
import { ask, tell, WIDTHS, world } from './lib/world.js'

const w = world()
const day = (n) => new Date(Date.now() + n * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)
const PHONE = { javaScriptEnabled: false, viewport: { width: 360, height: 740 } }
/** As it stands at three widths, of a page with script. */
async function looksWell(page) {
  for (const [width, height] of WIDTHS) {
    await page.setViewportSize({ width, height })
    await settled(page)
    assert.equal(await overflow(page), 0, `${width} wide`)
    assert.deepEqual(await violations(page), [], `at ${width}`)
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}
const FOODS = [['鲜面条', '1', 'trade'], ['散装粮油', '2', 'trade'], ['豆腐', '4', 'trade'], ['腌腊肉', '3', 'trade']].map(([name, category, stage]) => ({ name, category, stage }))
const text = (page) => page.locator('body').innerText()

test('from a plan to batches: the rules stand, the public chooses, a device counts once, the draw can be done again', async () => {
  const [officer, leader] = [await w.person('officer1'), await w.person('leader')]
  const name = `试验：你点我检 ${Date.now() % 10_000}`
  const shops = (await ask(officer.page, '/api/parties?kind=shop&size=2')).items
  const plan = { name, intro: '您点的，我们检。', division: '410902', source: 'county', from_day: day(0), until_day: day(9), batches: 4, floor: 1, most: 2, items: ['苯甲酸', '脱氢乙酸'], places: [shops[0].id], foods: FOODS }
  const made = await tell(officer.page, 'POST', '/api/campaigns', plan)
  assert.equal(made.state, 'draft', JSON.stringify(made).slice(0, 300))
  // nobody sees a draft; an officer does not publish
  await officer.page.goto(`/console/campaigns/${made.id}`)
  await settled(officer.page)
  assert.equal(await officer.page.getByRole('button', { name: '发布' }).count(), 0)
  assert.equal((await fetch(`${w.city.base}/choose/${made.code}`)).status, 404)
  await leader.page.goto(`/console/campaigns/${made.id}`)
  await leader.page.getByRole('button', { name: '发布' }).click()
  await leader.page.getByRole('dialog').getByRole('button', { name: '发布' }).click()
  await leader.page.getByText('正在征集').first().waitFor()
  await looksWell(leader.page)

  // anybody, on a phone, without script
  const { page, leave } = await w.visitor(PHONE)
  await page.goto('/choose')
  await page.getByRole('link', { name: new RegExp(name) }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  const { rules_hash: hash } = (await ask(officer.page, `/api/campaigns/${made.id}`)).campaign
  assert.ok((await text(page)).includes(hash), 'the print of the rules')
  assert.equal(await overflow(page), 0)
  const choose = async (of, foods) => {
    await of.getByLabel('您在哪个区县？').selectOption({ label: (await of.getByLabel('您在哪个区县？').locator('option').nth(1).innerText()).trim() })
    for (const food of ['鲜面条', '散装粮油', '豆腐', '腌腊肉']) await of.getByLabel(food).setChecked(foods.includes(food))
  }
  // a program does not read; whoever is too quick loses nothing
  const opened = await page.request.get(`/choose/${made.code}`).then((r) => r.text())
  const quick = await page.request.post(`/choose/${made.code}`, { headers: { 'sec-fetch-site': 'same-origin' }, form: { county: '410902', food: 'F001', page: opened.match(/name="page" value="([^"]+)"/)[1] } })
  const answer = await quick.text()
  assert.equal(quick.status(), 422)
  assert.match(answer, /太快[\s\S]*value="F001" checked/)
  // more than the rules allow
  await choose(page, ['鲜面条', '散装粮油', '豆腐', '腌腊肉'])
  await page.waitForTimeout(3_200)
  await page.getByRole('button', { name: '投票' }).click()
  await page.getByRole('alert').waitFor()
  assert.equal((await ask(officer.page, `/api/campaigns/${made.id}`)).campaign.wishes, 0)
  await choose(page, ['鲜面条', '豆腐'])
  await page.getByLabel('苯甲酸', { exact: true }).check()
  await page.getByLabel(/还想检别的/).fill('学校门口的凉皮')
  await page.waitForTimeout(3_200)
  await page.getByRole('button', { name: '投票' }).click()
  await page.getByText('已收到您的选票').waitFor()
  const receipt = (await page.locator('.figs b').innerText()).trim()
  assert.match(receipt, /^[2-9A-Z]{12}$/)
  await page.getByRole('link', { name: '看我点的' }).click()
  assert.match(await text(page), /鲜面条、豆腐[\s\S]*苯甲酸/)
  assert.ok(!(await text(page)).includes('凉皮'), 'a wish is not published')
  // the same device again on the same day
  await page.goto(`/choose/${made.code}`)
  await choose(page, ['豆腐'])
  await page.waitForTimeout(3_200)
  await page.getByRole('button', { name: '投票' }).click()
  await page.getByRole('alert').waitFor()
  // another device of the same home counts
  const other = await w.visitor({ ...PHONE, userAgent: 'Mozilla/5.0 (another phone)' })
  await other.page.goto(`/choose/${made.code}?care=1`)
  await choose(other.page, ['豆腐'])
  await other.page.waitForTimeout(3_200)
  await other.page.getByRole('button', { name: '投票' }).click()
  await other.page.getByText('已收到您的选票').waitFor()
  await other.leave()
  const tally = await fetch(`${w.city.base}/choose/${made.code}/tally`).then((r) => r.json())
  assert.deepEqual([tally.wishes, tally.rules_hash], [2, hash])
  await page.goto(`/choose/${made.code}`)
  const votes = page.getByRole('region', { name: '点得最多的品种' }).locator('tbody tr')
  assert.deepEqual((await votes.allInnerTexts()).map((t) => t.trim().split(/\s+/)), [['豆腐', '2'], ['鲜面条', '1']])
  assert.ok(!(await text(page)).includes('凉皮'))
  const c = await page.context().cookies()
  assert.deepEqual(c, [], 'no cookie')

  // the counts are frozen, then promised, then drawn with what the ledger signed in between
  await leader.page.reload()
  await settled(leader.page)
  await leader.page.getByText('学校门口的凉皮').waitFor()
  await leader.page.getByRole('button', { name: '提前截止' }).click()
  await leader.page.getByRole('dialog').getByRole('button', { name: '截止' }).click()
  await leader.page.getByText('待抽取').first().waitFor()
  await page.reload()
  assert.match(await text(page), /计票指纹/)
  assert.equal(await page.getByRole('button', { name: '投票' }).count(), 0)
  const desk = officer.page
  await desk.reload()
  await desk.getByRole('button', { name: '承诺名单与种子' }).click()
  const draw = desk.getByRole('button', { name: '抽取', exact: true })
  await draw.waitFor()
  for (let i = 0; i < 200 && (await draw.isDisabled()); i += 1) {
    await desk.waitForTimeout(500)
    await desk.reload()
    await draw.waitFor()
  }
  await looksWell(desk)
  await draw.click()
  await desk.getByRole('heading', { name: '派发任务' }).waitFor()
  const batches = (await ask(desk, `/api/campaigns/${made.id}/batches?size=50`)).items
  assert.equal(batches.length, 4)
  await desk.getByLabel('检验机构必填').selectOption({ label: (await desk.getByLabel('检验机构必填').locator('option').nth(1).innerText()).trim() })
  await desk.getByRole('button', { name: '派发', exact: true }).click()
  await desk.getByText(/^已派发 \d+ 个任务/).waitFor()
  await looksWell(desk)
  // the public sees how it stands, and no place before a sample was taken there
  await page.reload()
  assert.match(await text(page), /正在抽检[\s\S]*检得怎样了[\s\S]*还没有抽样/)
  for (const b of batches.filter((b) => b.place_name)) assert.ok(!(await text(page)).includes(b.place_name), b.place_name)
  // its file is there, with prints in place of the pool: sampling is unannounced
  const file = await fetch(`${w.city.base}/api/public/campaigns/${made.code}/draw`).then((r) => r.text())
  assert.match(file, /[0-9a-f]{64}/)
  for (const b of batches.filter((b) => b.party)) assert.ok(!file.includes(b.party), `${b.place_name} in the file`)
  assert.equal(await overflow(page), 0)
  // with script, for a reader of screens
  const reader = await w.visitor()
  await reader.page.goto(`/choose/${made.code}`)
  assert.deepEqual(await violations(reader.page), [])
  await reader.leave()
  await leave()
  for (const visit of [officer, leader]) await visit.leave()
})
