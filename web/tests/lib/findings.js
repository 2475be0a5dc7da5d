// Findings in several states, made through the API by the people of the sample: what pages of cases and findings show.
import { ask, tell } from './world.js'

/** A photo, drawn on a canvas of the page: `seed` changes what it shows. Base64 of a JPEG. */
export const photo = (page, seed = 1, size = 640) =>
  page.evaluate(
    ([seed, size]) => {
      const c = document.createElement('canvas')
      ;[c.width, c.height] = [size, (size * 3) / 4]
      const g = c.getContext('2d')
      for (let y = 0; y < 8; y += 1)
        for (let x = 0; x < 9; x += 1) {
          let part = Math.imul(x * 31 + y * 17 + seed * 101, 0x9e3779b1)
          part = Math.imul(part ^ (part >>> 15), 0x85ebca77) >>> 24
          g.fillStyle = `rgb(${part},${(part * 3) % 256},${255 - part})`
          g.fillRect((x * size) / 9, (y * size * 3) / 32, size / 9 + 1, (size * 3) / 32 + 1)
        }
      return c.toDataURL('image/jpeg', 0.9).split(',')[1]
    },
    [seed, size],
  )
/** Hands a photo in as the app would. */
export async function handIn(page, finding, stage, seed, more = {}) {
  const query = new URLSearchParams({ stage, taken_at: String(Date.now()), in_app: '1', ...more })
  return page.evaluate(
    async ([path, jpeg]) => {
      const body = Uint8Array.from(atob(jpeg), (c) => c.charCodeAt(0))
      const r = await fetch(path, { method: 'POST', headers: { 'content-type': 'image/jpeg', 'x-shian': '1', 'idempotency-key': crypto.randomUUID(), 'x-file-name': 'p.jpg' }, body })
      return { status: r.status, ...(await r.json()) }
    },
    [`/api/findings/${finding}/evidence?${query}`, await photo(page, seed)],
  )
}
const inDays = (n) => new Date(Date.now() + n * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)
export const act = (page, id, body) => tell(page, 'POST', `/api/cases/${id}/acts`, body)
/** The business of `owner`. */
export const ownParty = async (page) => (await ask(page, '/api/session')).party

export const found = (page, party, what, more = {}) =>
  tell(page, 'POST', '/api/findings', { source: 'inspection', source_ref: '2026-0007', party, what, rule: '食品安全法第三十三条第一款第一项', severity: 'general', ...more })
/** A finding that waits for its business. */
export async function assigned(officer, party, what = '操作间地面积水，未及时清理', more = {}) {
  const finding = await found(officer, party, what, more)
  const me = await ask(officer, '/api/session')
  const done = await act(officer, finding.id, { action: 'assign', form: { measure: '三日内清理并消毒，排水沟加盖', due: inDays(5), verifier: me.user.id } })
  if (done.status !== 'mending') throw new Error(JSON.stringify(done).slice(0, 400))
  return finding
}
/** Answered by the business with a photo. */
export async function mended(officer, owner, party, what, seed = 1, place = {}) {
  const finding = await assigned(officer, party, what)
  const piece = await handIn(owner, finding.id, 'mend', seed, place)
  await act(owner, finding.id, { action: 'mend', form: { answer: '已清理并消毒，排水沟已加盖。', proof: [piece.id] } })
  return finding
}
/** One in each state, for lists and rates. Answers them by state. */
export async function scene(officer, owner) {
  const party = (await ownParty(owner)).id
  const other = (await ask(officer, '/api/parties?size=1&kind=shop')).items[0].id
  const out = { party }
  out.found = await found(officer, other, '货架上有三袋过期的挂面', { severity: 'serious' })
  out.self = await found(owner, party, '留样冰箱温度偏高', { source: 'self_check', severity: 'minor', rule: '企业自查制度' })
  out.mending = await assigned(officer, party)
  out.verifying = await mended(officer, owner, party, '冷库地面结冰，存在滑倒和交叉污染风险', 3)
  const again = await mended(officer, owner, party, '原料离地不足十厘米', 4)
  await act(officer, again.id, { action: 'back', form: { result: '垫板只装了一半', due: inDays(6) } })
  await handIn(owner, again.id, 'mend', 3, { in_app: '0' })
  out.back = again
  const closed = await mended(officer, owner, party, '洗手池缺洗手液', 6)
  await act(officer, closed.id, { action: 'close', form: { result: '现场看过，已补齐。' } })
  out.closed = closed
  return out
}
