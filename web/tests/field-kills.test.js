// The phone app is killed at random moments, again and again, while it saves, queues and uploads: nothing is lost, nothing comes twice.
// SHIAN_KILLS=1000 for the long run, or in pieces with SHIAN_KILLS_SEED=1, 2, … : the seed is that of the moments of death.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { open } from './lib/city.js'
import { desk, phone, photo, pocket, signIn } from './lib/field.js'

const KILLS = Number(process.env.SHIAN_KILLS ?? 25)
const SEED = Number(process.env.SHIAN_KILLS_SEED ?? 1)
let state = SEED * 2_654_435_761
/** In [0, 1), the same ones for the same seed (mulberry32). */
function random() {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
}
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
/** The renderer dies as under a phone that runs out of memory: no handler runs, nothing is flushed. */
async function kill(page, cdp) {
  const dead = new Promise((resolve) => page.on('crash', resolve))
  cdp.send('Page.crash').catch(() => {})
  await dead
  await page.close()
}
/** A page over a line of a phone: pieces of an upload take a moment each. */
async function fresh(context) {
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 8, downloadThroughput: 8e6, uploadThroughput: 6e6 })
  return { page, cdp }
}

/** Every record on the phone says that it was sent; asked of the database, for a page that has not read it yet shows nothing that waits. */
async function allSent() {
  const d = await new Promise((ok, no) => Object.assign(indexedDB.open('shian-field'), { onsuccess: (e) => ok(e.target.result), onerror: no }))
  const rows = await new Promise((ok) => Object.assign(d.transaction('records').objectStore('records').getAll(), { onsuccess: (e) => ok(e.target.result) }))
  d.close()
  return rows.length > 0 && rows.every((r) => r.state === 'sent')
}

test(`${KILLS} kills while reports with photos are written and sent: none lost, none doubled`, { timeout: 60_000 + KILLS * 6_000 }, async () => {
  const { context, page } = await pocket(browser, city.base)
  // a busy machine is no lost record
  context.setDefaultTimeout(90_000)
  const office = await desk(city, 'officer1')
  const party = (await desk(city, 'owner')).me.party.id
  await signIn(page, 'officer1', city.password)
  const { buffer: picture } = await photo(page, 7, 320)
  await page.close()
  const written = new Map()
  let stage = { typing: 0, queued: 0 }
  const form = async (page) => {
    await page.goto(`/field/report/${party}`)
    await page.getByLabel('发现的问题').waitFor()
    return page.getByLabel('发现的问题')
  }
  for (let i = 0; i < KILLS; i += 1) {
    const { page, cdp } = await fresh(context)
    const what = await form(page)
    const left = await what.inputValue()
    if (left) {
      // what was being written when the last one died is there again; it is finished now, as its officer would
      if (!(await page.getByPlaceholder('法律、办法或标准的条款').inputValue())) await page.getByPlaceholder('法律、办法或标准的条款').fill('试验条款')
      written.set(left, written.get(left) ?? null)
      await page.getByRole('button', { name: '提交', exact: true }).click()
      await page.waitForURL(/parties/)
      await form(page)
    }
    const name = `断电试验 ${i} 号`
    // the end of a JPEG is not looked at: each photo is another file, some of one piece and some of three
    const file = Buffer.concat([picture, randomBytes(20_000 + ((i * 7919) % 2_400_000))])
    if (i % 8 === 7) {
      // dies while it is written
      await what.pressSequentially(name, { delay: 2 })
      written.set(name, null)
      await page.waitForTimeout(random() * 30)
      stage.typing += 1
    } else {
      await what.fill(name)
      await page.getByPlaceholder('法律、办法或标准的条款').fill('试验条款')
      await page.locator('input[type=file]').setInputFiles({ name: 'x.jpg', mimeType: 'image/jpeg', buffer: file })
      await page.getByRole('button', { name: '问题照片 1' }).waitFor()
      written.set(name, sha(file))
      await page.getByRole('button', { name: '提交', exact: true }).click()
      await page.waitForTimeout(random() ** 2 * 700)
      stage.queued += 1
    }
    await kill(page, cdp)
    if (i % 25 === 24) console.log(`seed ${SEED}: ${i + 1} kills, no word on them yet`)
  }
  const last = await fresh(context)
  const what = await form(last.page)
  const left = await what.inputValue()
  if (left) {
    if (!(await last.page.getByPlaceholder('法律、办法或标准的条款').inputValue())) await last.page.getByPlaceholder('法律、办法或标准的条款').fill('试验条款')
    await last.page.getByRole('button', { name: '提交', exact: true }).click()
    await last.page.waitForURL(/parties/)
  }
  await last.page.goto('/field/queue')
  // all that waits goes out by itself
  for (const until = Date.now() + 30_000 + KILLS * 3_000; !(await last.page.evaluate(allSent)); await last.page.waitForTimeout(500)) assert.ok(Date.now() < until, 'not everything was sent')
  assert.equal(await last.page.getByRole('heading', { name: '草稿' }).count(), 0)

  const landed = []
  for (let p = 1; ; p += 1) {
    const { items } = await office.get(`/api/findings?party=${party}&q=${encodeURIComponent('断电试验')}&size=100&page=${p}`)
    landed.push(...items)
    if (items.length < 100) break
  }
  const names = landed.map((f) => f.what)
  // what was cut off while it was typed may be the same few words twice
  const doubled = names.filter((n, i) => /号$/.test(n) && names.indexOf(n) !== i)
  assert.deepEqual(doubled, [], 'doubled')
  // a name that was typed half is one that was saved half: it must be the beginning of what was written
  const lost = [...written].filter(([name, hash]) => hash !== null && !names.includes(name)).map(([name]) => name)
  assert.deepEqual(lost, [], 'lost')
  for (const f of landed) {
    const hash = written.get(f.what)
    if (!hash) continue
    const kept = await office.get(`/api/findings/${f.id}/evidence`)
    assert.deepEqual(kept.map((e) => e.file), [hash], `${f.what}: its photo, once`)
  }
  console.log(`seed ${SEED}: ${KILLS} kills (${stage.queued} after sending began, ${stage.typing} while typing): ${landed.length} records landed, 0 lost, 0 doubled`)
  await context.close()
})
