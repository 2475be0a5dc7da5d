// What every browser test begins with: a city of its own, one browser, and people in it.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { context, launch, signIn } from './browser.js'
import { open } from './city.js'

export const WIDTHS = [[1440, 900], [768, 1024], [360, 740]]

/** The city and the browser of a test file; both are there once its tests run. */
export function world() {
  const it = { city: null, browser: null }
  before(async () => {
    it.city = await open()
    it.browser = await launch()
  })
  after(async () => {
    await it.browser?.close()
    await it.city?.close()
  })
  /** A page of nobody, and what must not have happened on it. */
  it.visitor = async (options) => {
    const { context: c, faults } = await context(it.browser, it.city.base, options)
    const page = await c.newPage()
    const leave = async () => {
      await c.close()
      assert.deepEqual(faults, [], 'console errors and requests to elsewhere')
    }
    return { page, leave, context: c, faults }
  }
  /** A signed-in person's page; nothing of it may fail unseen. */
  it.person = async (name, options) => {
    const visit = await it.visitor(options)
    await signIn(visit.page, name, it.city.password)
    return visit
  }
  return it
}

/** What the server answers to the person of this page. */
export const ask = (page, path) => page.evaluate(async (p) => (await fetch(p)).json(), path)
/** A write as the console would send it: status and body. */
export const tell = (page, method, path, body) =>
  page.evaluate(
    async ([method, path, body]) => {
      const r = await fetch(path, { method, headers: { 'content-type': 'application/json', 'x-shian': '1', 'idempotency-key': crypto.randomUUID() }, body: JSON.stringify(body ?? {}) })
      const text = await r.text()
      return { status: r.status, ...(text ? JSON.parse(text) : {}) }
    },
    [method, path, body],
  )
