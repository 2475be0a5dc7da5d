// What tests of sampling share: how a page is looked at, and a sample that was taken, sealed and offered to the laboratory, made through the
// API by the people of the city.
import assert from 'node:assert/strict'
import { overflow, settled, violations } from './browser.js'
import { photo } from './field.js'
import { WIDTHS } from './world.js'

export const csv = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
export const button = (page, name) => page.getByRole('button', { name, exact: true })
/** Looks at a page as it stands, at three widths: nothing outside, no fault for a reader; a picture `WALK-NN WIDTH.png` into SHIAN_PICTURES. */
export function looker(walk) {
  let pictures = 0
  return async (page) => {
    await settled(page)
    pictures += 1
    for (const [width, height] of process.env.SHIAN_PICTURES ? WIDTHS : [[360, 740], [1440, 900]]) {
      await page.setViewportSize({ width, height })
      if (process.env.SHIAN_PICTURES) await page.screenshot({ path: `${process.env.SHIAN_PICTURES}/${walk}-${String(pictures).padStart(2, '0')} ${width}.png`, fullPage: true })
      assert.equal(await overflow(page), 0, `${width} wide`)
      assert.deepEqual(await violations(page), [])
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  }
}

const KINDS = ['door', 'licence', 'shelf', 'sample', 'label', 'seal', 'people', 'receipt']
const day = (n) => new Date(Date.now() + n * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)

/** The 抽样单 as the field app would hand it in. */
export const sheet = (seal, place) => ({
  code: '', seal_test: `${seal}-J`, seal_spare: `${seal}-B`, sheet: {
    task_source: '县局', sampling_type: 'usual', place_type: '成品库', food_major: '豆制品', task_class: '监督抽检', unit_name: '县市场监督管理局', shop_name: place, shop_address: '人民路2号',
    area_type: 'city', shop_contact: '王某', goods_type: 'industrial', origin: 'own', nature: 'usual', packing: 'prepacked', name: '五香豆干', made: day(-20), spec: '120g/袋', batch: 'B1', price: 500, imported: false,
    sterile: 'plain', form: 'solid', storage: 'room', base_amount: '500', amount: '2.4', spare_amount: '1.2', amount_unit: 'kg', expires: day(160), maker_name: '外省豆制品有限公司',
  },
})

/** Photos, sheet, seal and both offers of a task; `one` and `two` are its samplers (see `desk` of field.js). */
export async function taken(city, page, one, two, sample, seal) {
  for (const [i, kind] of KINDS.entries()) {
    const jpeg = await photo(page, Number(`${Date.now() % 100_000}${i}`))
    await one.post(`/api/samples/${sample.id}/media?kind=${kind}&taken_at=${Date.now()}&in_app=1&lon=115.031&lat=35.768&accuracy=9`, jpeg.buffer ?? jpeg, { 'content-type': 'image/jpeg', 'x-file-name': 'p.jpg' })
  }
  const signatures = []
  for (const [i, role] of ['first', 'business'].entries()) {
    const jpeg = await photo(page, Number(`${Date.now() % 100_000}${i + 8}`))
    const drawn = await one.post(`/api/samples/${sample.id}/media?kind=signature&taken_at=${Date.now()}`, jpeg.buffer ?? jpeg, { 'content-type': 'image/jpeg', 'x-file-name': 's.jpg' })
    signatures.push({ role, name: '王某', file: drawn.file })
  }
  await one.post(`/api/samples/${sample.id}/sheet`, { ...sheet(seal, sample.party_name), signatures })
  await two.post(`/api/samples/${sample.id}/seal`, {})
  for (const part of ['test', 'spare']) await one.post(`/api/samples/${sample.id}/offers`, { part, receiver: sample.lab })
}
