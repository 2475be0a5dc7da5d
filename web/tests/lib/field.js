// The phone app in tests: a phone with camera, microphone and place, a person signed in, and what the server says behind it.
import { chromium } from 'playwright-core'
import { context } from './browser.js'

export const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true, geolocation: { longitude: 115.031, latitude: 35.768, accuracy: 12 }, permissions: ['geolocation', 'camera', 'microphone'] }
/** Chromium with a camera of a test: a moving picture, or what a file shows. */
export const phone = (film) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--lang=zh-CN', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', ...(film ? [`--use-file-for-fake-video-capture=${film}`] : [])],
    env: { ...process.env, LANGUAGE: 'zh_CN' },
  })
/** A phone of nobody. */
export async function pocket(browser, base, options = {}) {
  const { context: c, faults } = await context(browser, base, { ...PHONE, ...options })
  c.setDefaultTimeout(30_000)
  return { context: c, page: await c.newPage(), faults }
}
export async function signIn(page, name, password) {
  await page.goto('/field/sign-in')
  await page.getByLabel('用户名').fill(name)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL((u) => !u.pathname.endsWith('/sign-in'))
  await ready(page)
}
/** The app stands, and its files are on the phone. */
export async function ready(page) {
  await page.waitForFunction(() => navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller || true))
  await page.locator('main').first().waitFor()
}
/** Nothing is being read any more. */
export const still = (page) => page.waitForFunction(() => !/正在读取/.test(document.body.innerText))

/** Somebody at the server without a browser: `get`, `post`. */
export async function desk(city, name) {
  const send = async (method, path, body, headers = {}) => {
    const json = body !== undefined && !(body instanceof Uint8Array)
    const r = await fetch(city.base + path, {
      method,
      headers: { 'x-shian': '1', ...(method === 'POST' ? { 'idempotency-key': crypto.randomUUID() } : {}), ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body === undefined ? {} : { body: json ? JSON.stringify(body) : body }),
    })
    const text = await r.text()
    if (!r.ok) throw new Error(`${method} ${path}: ${r.status} ${text}`)
    return { headers: r.headers, value: /json/.test(r.headers.get('content-type') ?? '') ? JSON.parse(text) : text }
  }
  const signed = await send('POST', '/api/session', { name, password: city.password })
  const cookie = signed.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ')
  return {
    me: signed.value,
    get: async (path) => (await send('GET', path, undefined, { cookie })).value,
    post: async (path, body, headers) => (await send('POST', path, body, { cookie, ...headers })).value,
  }
}
/** A photo that no other one looks like, as a JPEG, drawn by the browser. */
export async function photo(page, seed, size = 640) {
  const data = await page.evaluate(
    ([seed, size]) => {
      const canvas = document.createElement('canvas')
      canvas.width = size
      canvas.height = (size * 3) / 4
      const c = canvas.getContext('2d')
      let n = seed * 2_654_435_761
      const next = () => ((n = (n * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648)
      for (let i = 0; i < 90; i += 1) {
        c.fillStyle = `hsl(${next() * 360} 60% ${next() * 90}%)`
        c.fillRect(next() * size, next() * size, (next() * size) / 3, (next() * size) / 3)
      }
      return canvas.toDataURL('image/jpeg', 0.9).split(',')[1]
    },
    [seed % 100_000, size],
  )
  return { name: `照片${seed}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(data, 'base64') }
}
/** A finding of the owner's business, mended, that waits for officer1's check. */
export async function toCheck(city, page, what) {
  const [officer, owner] = [await desk(city, 'officer1'), await desk(city, 'owner')]
  const party = owner.me.party.id
  const found = await officer.post('/api/findings', { source: 'inspection', party, what, rule: '食品安全法第三十三条第一款第一项', severity: 'general' })
  const evidence = async (who, stage, seed) => {
    const { buffer } = await photo(page, seed)
    return (await who.post(`/api/findings/${found.id}/evidence?stage=${stage}&taken_at=${Date.now()}&lon=115.031&lat=35.768&accuracy=10&in_app=1`, new Uint8Array(buffer), { 'content-type': 'image/jpeg' })).id
  }
  const act = (who, action, form) => who.post(`/api/cases/${found.id}/acts`, { action, form, client_key: crypto.randomUUID() })
  const seed = Math.floor(Math.random() * 90_000)
  await evidence(officer, 'found', seed)
  const task = (await officer.get(`/api/cases/${found.id}`)).tasks[0]
  if (!task.mine) await officer.post(`/api/cases/${found.id}/acts`, { op: { do: 'claim', task: task.no }, client_key: crypto.randomUUID() })
  const due = new Date(Date.now() + 8 * 86_400_000).toISOString().slice(0, 10)
  await act(officer, 'assign', { measure: '立即整改', due, verifier: officer.me.user.id })
  await act(owner, 'mend', { answer: '已整改', proof: [await evidence(owner, 'mend', seed + 1)] })
  return { finding: found, party, officer, owner }
}
/** A film for the camera that shows a QR code. */
export async function filmOf(text) {
  const { encode } = await import('../../field/node_modules/uqr/dist/index.mjs')
  const { writeFileSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const { join } = await import('node:path')
  const [width, height] = [640, 480]
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const dot = Math.floor(400 / size)
  const [left, top] = [Math.floor((width - size * dot) / 2), Math.floor((height - size * dot) / 2)]
  const luma = Buffer.alloc(width * height, 235)
  for (let y = 0; y < size * dot; y += 1) for (let x = 0; x < size * dot; x += 1) if (data[Math.floor(y / dot)][Math.floor(x / dot)]) luma[(top + y) * width + left + x] = 16
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((width * height) / 2, 128)])
  const path = join(tmpdir(), `shian-code-${process.pid}.y4m`)
  writeFileSync(path, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]))
  return path
}
/** What a person does, counted; seconds as people take them (a look and a tap 1.3, a photo 3.5, a signature 4, a typed character 0.35). */
export function hand(page) {
  const it = { taps: 0, seconds: 0 }
  it.tap = async (target, seconds = 1.3) => {
    it.taps += 1
    it.seconds += seconds
    await target.click()
  }
  it.write = async (target, text) => {
    it.taps += 1
    it.seconds += 1.3 + text.length * 0.35
    await target.fill(text)
  }
  it.sign = async () => {
    it.seconds += 4
    const pad = page.getByRole('dialog').locator('canvas')
    const box = await pad.boundingBox()
    // no two hands write alike
    const own = it.taps % 17
    await page.mouse.move(box.x + 40 + own, box.y + 60)
    await page.mouse.down()
    for (const [x, y] of [[90, 140], [140, 50], [190, 150], [240, 70]]) await page.mouse.move(box.x + x, box.y + y, { steps: 4 })
    await page.mouse.up()
    await it.tap(page.getByRole('button', { name: '确认签字' }))
  }
  it.photo = async (open) => {
    await it.tap(open)
    await it.tap(page.getByRole('dialog').getByRole('button', { name: '拍照', exact: true }), 3.5)
    await it.tap(page.getByRole('button', { name: /^完成（/ }))
  }
  return it
}
