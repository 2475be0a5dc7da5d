// Pictures of every page for the role it is made for, at three widths, to be looked at: `node shoot.js BASE FOLDER [WORD,WORD…]`.
//
// BASE is a running server with its sample (its folder's sample.json in SHIAN_SAMPLE_JSON). Beside the pictures it writes
// faults.txt: what a picture does not show (targets too small for a finger, English left over, what stands outside the width).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { context, launch, overflow, settled, signIn } from './lib/browser.js'
import { PAGES, place, publicPlaces } from './lib/routes.js'
import { WIDTHS } from './lib/world.js'

const [base, folder, words = ''] = process.argv.slice(2)
const wanted = (name) => words.split(',').some((word) => name.includes(word))
const sample = JSON.parse(readFileSync(process.env.SHIAN_SAMPLE_JSON ?? 'data/live/sample.json', 'utf8'))
const about = await fetch(`${base}/api/about`).then((r) => r.json())
const city = { base, sample, password: about.demo.password }
mkdirSync(folder, { recursive: true })
const told = []

/** What a finger misses and a reader does not understand, on the page as it stands. */
const slips = (page, narrow) =>
  page.evaluate((narrow) => {
    const out = []
    const shown = (el) => el.offsetParent !== null && !el.closest('.sr, [aria-hidden=true]') && getComputedStyle(el).visibility !== 'hidden'
    if (narrow)
      for (const el of document.querySelectorAll('main button:not(.lt-sort), main a.btn, main input.in, main select, nav a, header button, header a')) {
        const r = el.getBoundingClientRect()
        if (shown(el) && !el.closest('tr .linklike') && r.width > 1 && r.height > 1 && (r.height < 43.5 || r.width < 32)) out.push(`small ${Math.round(r.width)}×${Math.round(r.height)} ${(el.textContent || el.getAttribute('aria-label') || el.className || el.tagName).trim().slice(0, 24)}`)
      }
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      const el = n.parentElement
      if (!el || el.closest('script, style, code, .code, .lt-code, kbd') || !shown(el)) continue
      const text = n.textContent.trim()
      if (/[a-z]{4,}/.test(text) && !/[\u4e00-\u9fff]/.test(text)) out.push(`latin “${text.slice(0, 40)}”`)
      if (/\d{1,2}\/\d{1,2}\/\d{4}|undefined|NaN|\[object/.test(text)) out.push(`odd “${text.slice(0, 40)}”`)
    }
    for (const el of document.querySelectorAll('main h1, main h2, main th, main .btn, main .tag, main .figure-value'))
      if (shown(el) && el.scrollWidth > el.clientWidth + 1 && getComputedStyle(el).overflow === 'hidden') out.push(`cut “${el.textContent.trim().slice(0, 30)}”`)
    if (document.querySelector('input[type=date]')) out.push('a date field of the browser')
    return [...new Set(out)]
  }, narrow)

async function shoot(page, path, name) {
  await page.goto(path)
  for (const [width, height] of WIDTHS) {
    await page.setViewportSize({ width, height })
    await settled(page)
    if (await page.locator('main canvas').count()) await page.waitForTimeout(900)
    await page.screenshot({ path: join(folder, `${name} ${width}.png`), fullPage: true })
    const out = await overflow(page)
    const found = [...(out ? [`${out} px outside`] : []), ...(await slips(page, width < 768))]
    if (found.length) told.push(`${name} ${width}: ${found.join('; ')}`)
  }
}

const browser = await launch()
for (const [role, paths] of Object.entries({ nobody: ['/sign-in'], ...PAGES })) {
  if (!paths.some((p) => wanted(`${role} ${p}`))) continue
  const { context: c } = await context(browser, base)
  const page = await c.newPage()
  if (role !== 'nobody') await signIn(page, role, city.password)
  for (const path of paths) {
    if (!wanted(`${role} ${path}`)) continue
    await shoot(page, `/console${await place(page, path, city)}`, `${role} ${path.replace(/[/?=]+/g, '-')}`).catch((e) => told.push(`${role} ${path}: ${e.message}`))
  }
  await c.close()
}
if (wanted('public')) {
  const { context: c } = await context(browser, base)
  const page = await c.newPage()
  for (const [i, path] of (await publicPlaces(city)).entries()) await shoot(page, path, `public ${i}`)
  await c.close()
}
await browser.close()
writeFileSync(join(folder, 'faults.txt'), `${told.join('\n')}\n`)
console.log(`${folder}: ${told.length} pages with something to look at in faults.txt`)
