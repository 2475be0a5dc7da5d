// A long day with no network: the session has ended by the time the phone is back, and the queue goes out all the same.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { violations } from './lib/browser.js'
import { open } from './lib/city.js'
import { desk, phone, photo, pocket, signIn, still } from './lib/field.js'

let city, browser
before(async () => {
  city = await open()
  browser = await phone()
})
after(async () => {
  await browser?.close()
  await city?.close()
})
async function report(page, party, what) {
  await page.goto(`/field/report/${party}`)
  await page.getByLabel('发现的问题').fill(what)
  await page.getByPlaceholder('法律、办法或标准的条款').fill('食品安全法第三十三条第一款第一项')
  await page.locator('input[type=file]').setInputFiles(await photo(page, what.length * 7))
  await page.getByRole('button', { name: '问题照片 1' }).waitFor()
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await page.waitForURL(/parties/)
}
const me = (page) => page.evaluate(async () => (await fetch('/api/session')).json())

test('the phone takes its session up again and sends; it opens nothing else, and not once the session was ended', async () => {
  const party = (await desk(city, 'owner')).me.party.id
  const office = await desk(city, 'officer1')
  const card = { item: '有机磷农药', method: '酶抑制率法', card: { maker: '绿洲生物', batch: 'R2611', expires: new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10) } }
  const point = await office.post('/api/rapid/points', { name: '西关市场快检室', kind: 'market', party, address: '西关街 3 号' })
  await office.post('/api/rapid/tests', { point: point.id, items: [{ key: 'resume-1', food: '芹菜', goods: 'farm', stall: 'A1', result: 'negative', ...card }] })
  const { context, page } = await pocket(browser, city.base)
  await signIn(page, 'officer1', city.password)
  await page.goto(`/field/parties/${party}`)
  await still(page)
  await page.goto('/field/rapid')
  await page.getByText('检测卡、品种和摊位都在手机里').waitFor()
  await page.waitForFunction(() => navigator.serviceWorker.controller)
  await context.setOffline(true)
  await report(page, party, '午前：冷藏柜温度偏高')
  await page.goto(`/field/rapid/${point.id}`)
  await page.getByRole('group', { name: /^结果/ }).getByRole('button', { name: '阴性' }).click()
  await page.getByRole('dialog', { name: '检测卡或试剂' }).getByRole('button', { name: /R2611/ }).click()
  await page.getByRole('button', { name: '芹菜', exact: true }).click()
  await page.getByRole('group', { name: /^结果/ }).getByRole('button', { name: '阴性' }).click()
  await page.getByRole('button', { name: '提交 1 条', exact: true }).click()
  await page.waitForURL(/queue\//)
  // thirty idle minutes, as far as the server can tell: the secret of the session is worth nothing any more
  await context.clearCookies()
  await context.setOffline(false)
  await page.goto('/field/queue')
  await page.getByText(/\d\d:\d\d 送达/).nth(1).waitFor()
  await page.getByText('本机正在自动上传').waitFor()
  assert.deepEqual(await violations(page), [])
  const found = await office.get(`/api/findings?party=${party}&q=${encodeURIComponent('午前')}`)
  assert.equal(found.items.length, 1)
  assert.equal((await office.get(`/api/findings/${found.items[0].id}/evidence`)).length, 1)
  assert.equal((await office.get(`/api/rapid/tests?point=${point.id}&size=50`)).items.length, 2)
  const now = await me(page)
  assert.equal(now.resumed, true)
  assert.equal(await page.evaluate(async () => (await fetch('/api/parties?size=1')).status), 403)
  assert.equal(await page.evaluate(async () => (await fetch('/api/session/device-key', { method: 'POST', headers: { 'x-shian': '1' } })).status), 403)
  // signed in again, all is open again
  await page.getByRole('link', { name: '登录' }).click()
  await page.getByLabel('用户名').fill('officer1')
  await page.getByLabel('密码', { exact: true }).fill(city.password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL((u) => !u.pathname.endsWith('/sign-in'))
  assert.equal((await me(page)).resumed, false)
  // ended from elsewhere: the phone cannot take it up, what was written stays and waits
  await context.setOffline(true)
  await report(page, party, '午后：生熟不分')
  const fetched = await fetch(`${city.base}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-shian': '1', 'idempotency-key': crypto.randomUUID() }, body: JSON.stringify({ name: 'officer1', password: city.password }) })
  const cookie = fetched.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ')
  assert.equal((await fetch(`${city.base}/api/sessions`, { method: 'DELETE', headers: { cookie, 'x-shian': '1' } })).status, 204)
  await context.setOffline(false)
  await page.goto('/field/queue')
  await page.getByText('登录后自动上传').waitFor()
  await page.getByText('待上传').first().waitFor()
  await context.close()
})
