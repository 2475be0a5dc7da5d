// Rapid tests made through the API: a point, a device, a day's batch with a positive, for the pages that show them.
import { photo } from './findings.js'
import { ask, tell } from './world.js'

const inDays = (n) => new Date(Date.now() + n * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)
export const CARDS = {
  pesticide: { item: '有机磷和氨基甲酸酯类农药', method: '酶抑制率法', card: { maker: '绿洲生物', batch: '20260412', expires: inDays(200) } },
  sulphite: { item: '二氧化硫', method: '试纸比色法', card: { maker: '中原检测', batch: 'S2611', expires: inDays(4) } },
}
let made = 0
export const line = (card, food, result, more = {}) => ({ key: `t-${Date.now()}-${(made += 1)}`, food, goods: 'farm', stall: 'A12', result, ...CARDS[card], ...more })

export const record = (page, point, items) => tell(page, 'POST', '/api/rapid/tests', { point, items }).then((r) => Object.values(r).filter((t) => t?.key))

/** A picture of a card to a test, as the page would send it. */
export const shot = async (page, test, seed) =>
  page.evaluate(
    async ([path, jpeg]) => {
      const body = Uint8Array.from(atob(jpeg), (c) => c.charCodeAt(0))
      await fetch(path, { method: 'POST', headers: { 'content-type': 'image/jpeg', 'x-shian': '1', 'idempotency-key': crypto.randomUUID(), 'x-file-name': 'p.jpg' }, body })
    },
    [`/api/rapid/tests/${test}/photos?taken_at=${Date.now()}&in_app=1`, await photo(page, seed)],
  )

/** A market's point with a device and tests; the first that asks as an officer makes it. Answers `{ point, test, positive }`. */
export async function aRapid(page) {
  const points = await ask(page, '/api/rapid/points')
  const had = points.find((p) => p.name === '中心农贸市场快检室')
  if (had) {
    const [tests, positives] = await Promise.all(['tests?size=1', 'positives?status=positive&q=%E8%B1%87%E8%B1%86&size=1'].map((p) => ask(page, `/api/rapid/${p}`)))
    return { point: had.id, test: tests.items[0].id, positive: positives.items[0].id }
  }
  const shop = (await ask(page, '/api/parties?size=1&kind=shop')).items[0]
  const point = await tell(page, 'POST', '/api/rapid/points', { name: '中心农贸市场快检室', kind: 'market', party: shop.id, address: '胜利路 88 号一楼' })
  await tell(page, 'POST', `/api/rapid/points/${point.id}/devices`, { name: '一号农残速测仪', model: 'NC-8', serial_no: '2025-0117' })
  const ago = (minutes) => ({ tested_at: Date.now() - minutes * 60_000 })
  const rows = [
    line('pesticide', '菠菜', 'negative', { ...ago(95), value: '12.5', unit: '%' }), line('pesticide', '韭菜', 'negative', { ...ago(90), stall: 'A13', value: '31.0', unit: '%' }),
    line('pesticide', '芹菜', 'negative', { ...ago(84), stall: 'A15' }), line('pesticide', '豇豆', 'positive', { ...ago(72), stall: 'B03', party: shop.id, value: '78.2', unit: '%', source_place: '山东寿光', vendor: '王小明' }),
    line('sulphite', '黄花菜', 'invalid', { ...ago(60), stall: 'C01', goods: 'other' }), line('sulphite', '银耳', 'negative', { ...ago(52), stall: 'C01', goods: 'other' }), line('sulphite', '粉条', 'suspect', { ...ago(40), stall: 'C02', goods: 'other' }),
    line('pesticide', '油麦菜', 'negative', { ...ago(21), stall: 'A12' }), line('pesticide', '生菜', 'negative', { ...ago(12), stall: 'A12' }),
  ]
  const taken = await record(page, point.id, rows)
  const bad = taken.find((t) => t.case_id)
  await shot(page, bad.id, 5)
  await shot(page, bad.id, 6)
  return { point: point.id, test: taken[0].id, positive: bad.case_id }
}
