// The phone app: signed in once, works with no network, keeps everything sealed, and hands it over once.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { overflow, violations } from './lib/browser.js'
import { open } from './lib/city.js'
import { desk, filmOf, phone, photo, pocket, signIn, still, toCheck } from './lib/field.js'

let city, browser
before(async () => {
  city = await open()
  browser = await phone()
})
after(async () => {
  await browser?.close()
  await city?.close()
})
const sha = (b) => createHash('sha256').update(b).digest('hex')
async function officer(options) {
  const pocketed = await pocket(browser, city.base, options)
  await signIn(pocketed.page, 'officer1', city.password)
  const leave = async () => {
    await pocketed.context.close()
    assert.deepEqual(pocketed.faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(f)), [])
  }
  return { ...pocketed, leave }
}
const ownParty = async () => (await desk(city, 'owner')).me.party.id
async function report(page, party, what, files) {
  await page.goto(`/field/report/${party}`)
  await page.getByLabel('发现的问题').fill(what)
  await page.getByPlaceholder('法律、办法或标准的条款').fill('食品安全法第三十三条第一款第一项')
  await page.locator('input[type=file]').setInputFiles(files)
  await page.getByRole('button', { name: `问题照片 ${files.length}` }).waitFor()
}
const submit = (page) => page.getByRole('button', { name: '提交', exact: true }).click()
const allSent = (page) => page.waitForFunction(() => !document.querySelector('.tabs .count'), null, { timeout: 30_000 })
/** Everything that lies in the phone's database, as a thief of the phone's disk would see it. */
const dump = (page) =>
  page.evaluate(async () => {
    const d = await new Promise((ok, no) => Object.assign(indexedDB.open('shian-field'), { onsuccess: (e) => ok(e.target.result), onerror: no }))
    const out = { text: '', rows: {}, keys: [] }
    for (const name of d.objectStoreNames) {
      const rows = await new Promise((ok) => Object.assign(d.transaction(name).objectStore(name).getAll(), { onsuccess: (e) => ok(e.target.result) }))
      out.rows[name] = rows.length
      for (const row of rows) {
        if (row.open) out.keys.push({ extractable: row.open.extractable, usages: row.open.usages })
        out.text += JSON.stringify(row, (_k, v) => (v instanceof ArrayBuffer ? new TextDecoder('latin1').decode(v) : ArrayBuffer.isView(v) ? [...v] : v))
      }
    }
    d.close()
    return out
  })

test('the app starts from the phone, with no network', async () => {
  const { page, context, leave } = await officer()
  await still(page)
  await page.waitForFunction(() => navigator.serviceWorker.controller || navigator.serviceWorker.ready.then(() => true))
  await page.reload()
  await page.waitForFunction(() => !!navigator.serviceWorker.controller)
  await context.setOffline(true)
  const times = []
  for (let i = 0; i < 5; i += 1) {
    await page.reload()
    await page.getByRole('heading', { name: /赵监管/ }).waitFor()
    // told, not asserted: how long it takes is a matter of the machine
    times.push(await page.evaluate(() => performance.now()))
  }
  console.log(`offline reload until the name stands: ${times.map((t) => Math.round(t)).join(', ')} ms`)
  await page.goto('/field/scan')
  await page.getByRole('heading', { name: '扫码' }).waitFor()
  await context.setOffline(false)
  await leave()
})

test('a report is written with no network, survives a reload, lands once, and its photo is the original', async () => {
  const { page, context, leave } = await officer()
  const party = await ownParty()
  await page.goto(`/field/parties/${party}`)
  await still(page)
  await page.waitForFunction(() => navigator.serviceWorker.controller)
  // a camera's own note in the file must arrive
  const shot = await photo(page, 4711)
  const exif = Buffer.from('ffe1002845786966000049492a0008000000010010010200060000001a000000000000004d616b657200', 'hex')
  const original = Buffer.concat([shot.buffer.subarray(0, 2), exif, shot.buffer.subarray(2)])
  await context.setOffline(true)
  await report(page, party, '离线登记：冷藏柜温度偏高', [{ ...shot, buffer: original }])
  await page.getByText('已存本机').waitFor()
  await page.reload()
  assert.equal(await page.getByLabel('发现的问题').inputValue(), '离线登记：冷藏柜温度偏高')
  await page.getByRole('button', { name: '问题照片 1' }).waitFor()
  await submit(page)
  await page.waitForURL(/parties/)
  await page.goto('/field/queue')
  await page.getByText('待上传').waitFor()
  await page.getByText('没有网络').first().waitFor()
  const seen = await dump(page)
  assert.ok(seen.rows.records === 1 && seen.rows.blobs >= 2 && seen.rows.pieces >= 2, JSON.stringify(seen.rows))
  await context.setOffline(false)
  await allSent(page)
  await page.getByText('已送达').first().waitFor()
  const at = await desk(city, 'officer1')
  const { items } = await at.get(`/api/findings?party=${party}&q=${encodeURIComponent('离线登记')}`)
  assert.equal(items.length, 1)
  const evidence = await at.get(`/api/findings/${items[0].id}/evidence`)
  assert.deepEqual(evidence.map((e) => e.file), [sha(original)])
  assert.match(evidence[0].exif, /Maker/)
  assert.ok(Math.abs(evidence[0].lon - 115.031) < 1e-6 && evidence[0].accuracy === 12)
  await leave()
})

test('voice and film go along, whatever this browser writes', async () => {
  const { page, leave } = await officer()
  const party = await ownParty()
  await report(page, party, '有声有像', [await photo(page, 31)])
  await page.getByRole('button', { name: '问题照片：录音' }).click()
  await page.waitForTimeout(1_500)
  assert.deepEqual(await violations(page), [])
  await page.getByRole('button', { name: '停止并保存' }).click()
  await page.getByRole('button', { name: '问题照片 2' }).waitFor()
  await page.getByRole('button', { name: '问题照片：拍照或录像' }).click()
  await page.getByRole('button', { name: '录像', exact: true }).click()
  await page.waitForTimeout(2_000)
  await page.getByRole('button', { name: /^停止/ }).click()
  await page.getByRole('button', { name: '完成（1）' }).click()
  await page.getByRole('button', { name: '问题照片 3' }).click()
  await page.waitForFunction(() => document.querySelector('video.shot-big')?.readyState >= 1)
  await page.getByRole('button', { name: '关闭' }).click()
  await submit(page)
  await page.waitForURL(/parties/)
  await allSent(page)
  const at = await desk(city, 'officer1')
  const { items } = await at.get(`/api/findings?party=${party}&q=${encodeURIComponent('有声有像')}`)
  const evidence = await at.get(`/api/findings/${items[0].id}/evidence`)
  console.log(`taken: ${evidence.map((e) => `${e.media} ${e.size}`).join(', ')}`)
  assert.equal(evidence.length, 3)
  assert.ok(evidence.slice(1).every((e) => /^(audio|video)\//.test(e.media) && e.in_app))
  await leave()
})

test('what the phone keeps is sealed; signed out nobody opens it; the person goes on where it was', async () => {
  const { page, context, leave } = await officer()
  const party = await ownParty()
  const shot = await photo(page, 99)
  await report(page, party, '绝密内容甲乙丙', [shot])
  await page.getByText('已存本机').waitFor()
  await page.waitForTimeout(300)
  const before = await dump(page)
  assert.ok(before.rows.drafts === 1 && before.rows.kept >= 1)
  for (const plain of ['绝密内容', '赵监管', '华龙', 'JFIF']) assert.ok(!before.text.includes(plain), `${plain} lies in the clear`)
  assert.deepEqual(before.keys, [{ extractable: false, usages: ['encrypt', 'decrypt'] }])
  await page.goto('/field/me')
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.getByRole('dialog').getByText(/还有 1 条没有上传/).waitFor()
  assert.deepEqual(await violations(page), [])
  await page.getByRole('button', { name: '退出', exact: true }).click()
  await page.waitForURL(/sign-in/)
  assert.deepEqual((await dump(page)).keys, [], 'no opened key stays')
  // another person of this phone sees nothing of it
  await signIn(page, 'officer2', city.password)
  await page.goto('/field/queue')
  await page.getByText('没有等待上传的记录').waitFor()
  // with no network nobody comes in
  await page.goto('/field/me')
  await context.setOffline(true)
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.getByRole('button', { name: '退出', exact: true }).click()
  await page.waitForURL(/sign-in/)
  await page.reload()
  await page.getByLabel('用户名').fill('officer1')
  await page.getByLabel('密码', { exact: true }).fill(city.password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByText('没有网络。登录需要联网一次').waitFor()
  await context.setOffline(false)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL((u) => !u.pathname.endsWith('/sign-in'))
  await page.goto('/field/queue')
  await page.getByText('登记问题').first().waitFor()
  await page.getByRole('button', { name: '继续' }).click()
  assert.equal(await page.getByLabel('发现的问题').inputValue(), '绝密内容甲乙丙')
  await page.getByRole('button', { name: '问题照片 1' }).waitFor()
  await leave()
})

test('复查: before and after, a photo from the camera, accepted with no network; another goes back with a day', async () => {
  const { page, context, leave } = await officer()
  const good = await toCheck(city, page, '地面积水未清理')
  const poor = await toCheck(city, page, '防鼠板缺失')
  await page.goto('/field/checks')
  await page.getByText('防鼠板缺失').waitFor()
  // both come along by themselves, photos and all
  await page.getByText('资料和照片都在手机里').waitFor()
  await context.setOffline(true)
  await page.getByText('地面积水未清理').click()
  await page.getByText('没有网络，显示的是').waitFor()
  await page.waitForFunction(() => [...document.querySelectorAll('.ev-tile img')].filter((i) => i.src.startsWith('blob:') && i.naturalWidth > 0).length === 2)
  assert.deepEqual(await violations(page), [])
  await page.getByRole('button', { name: '复查照片：拍照或录像' }).click()
  await page.getByRole('button', { name: '拍照', exact: true }).click()
  await page.getByRole('button', { name: '完成（1）' }).click()
  await page.getByRole('button', { name: '复查照片 1' }).waitFor()
  await page.getByRole('button', { name: '提交复查' }).click()
  await page.getByText('请先选复查结论').waitFor()
  await page.getByRole('button', { name: '通过', exact: true }).click()
  await page.getByRole('button', { name: '已整改到位，现场核实' }).click()
  await page.getByRole('button', { name: '提交复查' }).click()
  await page.waitForURL(/checks$/)
  assert.equal(await page.getByText('地面积水未清理').count(), 0, 'it is done here, though not sent')
  await page.getByText('防鼠板缺失').click()
  await page.getByRole('button', { name: '退回', exact: true }).click()
  await page.getByRole('button', { name: '整改不到位，同一问题仍在' }).click()
  await page.getByRole('button', { name: '提交复查' }).click()
  await page.waitForURL(/checks$/)
  await context.setOffline(false)
  await allSent(page)
  const at = await desk(city, 'officer1')
  assert.equal((await at.get(`/api/findings/${good.finding.id}`)).status, 'closed')
  assert.equal((await at.get(`/api/findings/${poor.finding.id}`)).status, 'mending')
  const shots = (await at.get(`/api/findings/${good.finding.id}/evidence`)).filter((e) => e.stage === 'verify')
  assert.equal(shots.length, 1)
  assert.ok(shots[0].in_app && shots[0].taken_at && shots[0].lon, JSON.stringify(shots[0]))
  await leave()
})

test('what the server does not accept stays, says why, and can be saved as a file or deleted', async () => {
  const { page, context, leave } = await officer()
  const one = await toCheck(city, page, '标签不全待复查')
  await page.goto(`/field/checks/${one.finding.id}`)
  await page.getByRole('button', { name: '通过', exact: true }).click()
  await page.getByLabel('复查情况').fill('现场看过')
  await page.waitForFunction(() => navigator.serviceWorker.controller)
  await context.setOffline(true)
  await page.getByRole('button', { name: '提交复查' }).click()
  await page.waitForURL(/checks$/)
  // meanwhile somebody else takes it along
  const oversee = await desk(city, 'leader')
  await one.officer.post(`/api/cases/${one.finding.id}/acts`, { action: 'to_case', form: { reason: '情节严重' }, client_key: crypto.randomUUID() }).catch(() => oversee)
  await context.setOffline(false)
  await page.goto('/field/queue')
  await page.getByText('没有被接受').waitFor({ timeout: 20_000 })
  await page.getByText(/复查通过：标签不全/).click()
  await page.getByRole('button', { name: '重试' }).waitFor()
  assert.ok((await page.locator('.fault').innerText()).length > 4)
  assert.deepEqual(await violations(page), [])
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '另存为文件' }).click()])
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8'))
  assert.equal(saved.format, 'shian-field-record')
  assert.equal(saved.body.form.result, '现场看过')
  await page.getByRole('button', { name: '删除' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
  // it goes back by itself once the record is gone
  await page.waitForURL(/queue$/)
  await page.goto('/field/queue')
  assert.equal(await page.getByText('没有被接受').count(), 0)
  await leave()
})

test('the code of a business is read from the camera by our own reader, or typed', async () => {
  const at = await desk(city, 'officer1')
  const dossier = await at.get(`/api/parties/${await ownParty()}`)
  const film = await filmOf(dossier.url)
  const eyes = await phone(film)
  try {
    const { page, faults } = await pocket(eyes, city.base)
    await signIn(page, 'officer1', city.password)
    await page.goto('/field/scan')
    await page.waitForURL(/parties\/[0-9a-f-]{36}/, { timeout: 30_000 })
    await page.getByRole('heading', { level: 1, name: dossier.party.name }).waitFor()
    assert.deepEqual(faults, [])
  } finally {
    await eyes.close()
    rmSync(film)
  }
  const { page, leave } = await officer({ permissions: ['geolocation'] })
  await page.goto('/field/scan')
  await page.getByLabel(/扫不出来/).fill(dossier.party.code)
  await page.getByRole('button', { name: '查找' }).click()
  await page.waitForURL(/parties\/[0-9a-f-]{36}/)
  await page.goto('/field/scan')
  await page.getByLabel(/扫不出来/).fill('BZZZZZZZZZZ')
  await page.getByRole('button', { name: '查找' }).click()
  await page.getByText(/没有找到/).waitFor()
  await leave()
})

test('each page at three widths: no accessibility fault, nothing outside, nothing small', async () => {
  const { page, leave } = await officer()
  const party = await ownParty()
  const one = await toCheck(city, page, '页面检查用')
  const wrong = {}
  for (const path of ['/', '/checks', `/checks/${one.finding.id}`, '/scan', `/parties/${party}`, `/report/${party}`, '/queue', '/me', '/nowhere']) {
    await page.goto(`/field${path}`)
    await page.locator('h1').first().waitFor()
    await still(page)
    for (const [width, height] of [[360, 740], [768, 1024], [1440, 900]]) {
      await page.setViewportSize({ width, height })
      const out = await overflow(page)
      const small = await page.evaluate(() => [...document.querySelectorAll('button, a, input:not(.sr), textarea')].filter((e) => e.offsetParent && !e.closest('.sr')).map((e) => [e, e.getBoundingClientRect()]).filter(([, r]) => r.height > 0 && r.height < 40).map(([e, r]) => `${e.textContent.trim().slice(0, 12)} ${Math.round(r.height)}`))
      const found = [...(await violations(page)), ...(out ? [`${out} px outside`] : []), ...small]
      if (found.length) wrong[`${path} ${width}`] = found
    }
  }
  assert.deepEqual(wrong, {})
  await leave()
})
