// Debian's Chromium through playwright-core; one browser for the run, a context a person.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--lang=zh-CN'], env: { ...process.env, LANGUAGE: 'zh_CN' } })

/** A context that notes what must not happen: console errors, requests to elsewhere, what the CSP holds back. */
export async function context(browser, base, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', baseURL: base, acceptDownloads: true, ...options })
  const faults = []
  context.on('request', (r) => {
    const url = new URL(r.url())
    if (url.origin !== base && !['data:', 'blob:'].includes(url.protocol)) faults.push(`asked ${r.url()}`)
  })
  context.on('weberror', (e) => faults.push(`uncaught ${e.error().message}`))
  context.on('console', (m) => m.type() === 'error' && !/status of (401|403|404|409|422|429)/.test(m.text()) && faults.push(`console: ${m.text()}`))
  return { context, faults }
}

/** Signs in through the form. */
export async function signIn(page, name, password) {
  await page.goto('/console/sign-in')
  await page.getByLabel('用户名').fill(name)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL((u) => !u.pathname.endsWith('/sign-in'))
  await settled(page)
}

/** Nothing is being loaded any more. Looked at twice: a page that has only begun says nothing of waiting either. */
export async function settled(page) {
  const quiet = () => page.waitForFunction(() => !document.querySelector('.state-wait') && !document.querySelector('.dl[aria-busy=true]'), null, { timeout: 15_000 })
  await quiet()
  await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => {})
  await quiet()
}

/** What comes and goes has come or gone: a text that is half faded has no contrast to measure. Spinners never end. */
const still = (page) =>
  page.waitForFunction(() => document.getAnimations().every((a) => a.playState !== 'running' || a.effect?.getComputedTiming().endTime === Infinity), null, { timeout: 10_000 })

/** Violations of WCAG A and AA, each with the first place. The script goes past the CSP as a test's own. */
export async function violations(page) {
  await still(page)
  await page.evaluate(axe)
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }))
  return found.violations.map((v) => `${v.id}: ${v.nodes.length}× ${v.nodes[0].target.join(' ')} — ${v.help}`)
}

/** Nothing of the page stands outside of its width. */
export const overflow = (page) => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth))

/** Presses Tab until the element has the focus, as somebody without a mouse would; how many presses it took. */
export async function tabTo(page, target, most = 60) {
  for (let n = 0; n <= most; n += 1) {
    if (await target.evaluate((el) => el === document.activeElement || (el.contains(document.activeElement) && el.matches('.el-select, .el-select *'))).catch(() => false)) return n
    await page.keyboard.press('Tab')
  }
  const at = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 160))
  throw new Error(`not reached by ${most} tabs; the focus is at ${at}`)
}
