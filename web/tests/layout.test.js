// How the main pages are laid out at three widths, against what was looked at and found good (layouts.json).
//
// Boxes are compared, not pixels: fonts, their hinting and the sample's dates differ from machine to machine, and a picture that
// is off on every second one is soon passed over. A box is a part of the frame that a page hangs on (header, navigation, title,
// cards, tables, tool bars); its place across the page and its width must stay within a few pixels, its order must stay as it
// is. What is drawn on a canvas is checked not to be empty. `UPDATE=1 node --test layout.test.js` writes what is there now.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { settled } from './lib/browser.js'
import { aCase } from './lib/routes.js'
import { WIDTHS, world } from './lib/world.js'

const KEPT = new URL('./layouts.json', import.meta.url)
const NEAR = 12
const PAGES = {
  officer1: { home: '/', parties: '/parties', lots: '/lots', purchases: '/ledgers/purchases' },
  investigator: { cases: '/investigations', 'new-case': '/investigations/new', graph: 'CASE?view=graph', map: 'CASE?view=map', time: 'CASE?view=time', table: 'CASE?view=table' },
  owner: { capture: '/capture', intake: '/capture/intake', produce: '/capture/produce', 'product-import': '/products/import' },
  sysadmin: { users: '/users' },
}

const w = world()

/** The boxes of the frame in their order: what, where across, how wide. Off-screen and empty ones are left out. */
const boxes = (page) =>
  page.evaluate(() => {
    const PARTS = 'header.top, aside.side, main, h1, .card, .figures, .table-bar, .bb, .wb-head, .wb-view, .wb-side, .tabs, .lt table, .dl-bar, .form, .form-foot, .acts, .drop, .south-sea, .legend'
    const seen = []
    for (const el of document.querySelectorAll(PARTS)) {
      const r = el.getBoundingClientRect()
      if (r.width < 1 || r.height < 1 || getComputedStyle(el).visibility === 'hidden') continue
      // the width of a title, a legend or a table's columns is that of their words: only where they begin counts
      const words = el.matches('h1, .legend, table')
      const name = el.tagName === 'H1' ? 'h1' : [...el.classList].find((c) => PARTS.includes(c)) ?? el.tagName.toLowerCase()
      seen.push([name, Math.round(r.left), words ? 0 : Math.round(Math.min(r.width, innerWidth))])
    }
    // of many cards the first eight
    const count = {}
    return seen.filter(([name]) => (count[name] = (count[name] ?? 0) + 1) <= 8)
  })
/** Shares of canvases' pixels that are neither white nor transparent, of those in sight. */
const inked = (page) =>
  page.evaluate(() => [...document.querySelectorAll('main canvas')].filter((c) => c.width > 40 && c.height > 40).map((c) => {
    const g = c.getContext('2d')
    if (!g) return 1
    const d = g.getImageData(0, 0, c.width, c.height).data
    let ink = 0
    for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 40 && d[i] + d[i + 1] + d[i + 2] < 720) ink += 1
    return ink / (c.width * c.height)
  }))

const near = (a, b) => a.length === b.length && a.every(([name, left, width], i) => name === b[i][0] && Math.abs(left - b[i][1]) <= NEAR && Math.abs(width - b[i][2]) <= NEAR)

test('pages stand as they were found good', async () => {
  const now = {}
  const blank = []
  for (const [role, pages] of Object.entries(PAGES)) {
    const { page, context: c } = await w.person(role)
    const path = Object.values(pages).some((p) => p.startsWith('CASE')) ? `/investigations/${await aCase(page, w.city)}` : ''
    for (const [name, to] of Object.entries(pages)) {
      for (const [width, height] of WIDTHS) {
        await page.setViewportSize({ width, height })
        await page.goto(`/console${to.replace('CASE', path)}`)
        await settled(page)
        if (to.startsWith('CASE')) await page.locator('.wb').waitFor()
        now[`${name} ${width}`] = await boxes(page)
        if (to.startsWith('CASE') && !to.endsWith('table')) {
          const drawn = await page.waitForFunction(() => [...document.querySelectorAll('main canvas')].some((x) => x.width > 40), null, { timeout: 10_000 }).then(() => page.waitForTimeout(400)).then(() => inked(page))
          if (!drawn.some((share) => share > 0.0005)) blank.push(`${name} ${width}: ${drawn}`)
        }
      }
    }
    await c.close()
  }
  assert.deepEqual(blank, [], 'nothing is drawn')
  if (process.env.UPDATE || !existsSync(KEPT)) {
    writeFileSync(KEPT, `{\n${Object.entries(now).map(([k, v]) => `  ${JSON.stringify(k)}: ${JSON.stringify(v)}`).join(',\n')}\n}\n`)
    return
  }
  const kept = JSON.parse(readFileSync(KEPT, 'utf8'))
  const off = Object.keys({ ...kept, ...now }).filter((k) => !kept[k] || !now[k] || !near(kept[k], now[k]))
  assert.deepEqual(Object.fromEntries(off.map((k) => [k, now[k]])), Object.fromEntries(off.map((k) => [k, kept[k]])))
})
