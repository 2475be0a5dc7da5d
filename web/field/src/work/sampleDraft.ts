/** A sample while it is taken: filled in from the task and what was scanned; what is missing is said before it is handed in. */
import { markRaw } from 'vue'
import type { Shot } from '@/kit/photo'
import { sha256 } from '@/store/seal'
import type { Goods, NewSheet, SamplePack, SheetField, Task } from './samples'

export type Value = string | number | boolean
export interface Drawn {
  name: string
  shot: Shot | null
}
export interface SampleDraft {
  of: string
  title: string
  party_name: string
  pack: SamplePack
  step: 'start' | 'goods' | 'photos' | 'seal' | 'missed'
  started_at: number
  sheet: Record<string, Value>
  /** What was scanned, as it was read. */
  code: string
  /** Of the goods that were scanned or chosen. */
  goods: string
  producer: string
  shots: { kind: string; shot: Shot }[]
  seal_test: string
  seal_spare: string
  first: Drawn
  second: Drawn
  business: Drawn
  escort: Drawn
  missed: { refused: boolean; reason: string; witness: string; shots: Shot[] }
}
const SOURCES: Record<string, string> = { GBJ: '国家抽检任务', SBJ: '省级抽检任务', DBJ: '市级抽检任务', XBJ: '县级抽检任务' }
const PLACES: Record<string, string[]> = {
  produce: ['成品库', '原料库', '生产车间'],
  trade: ['超市', '批发市场', '农贸市场', '便利店', '网店'],
  catering: ['餐馆', '学校食堂', '企事业食堂', '集体配餐'],
}
/** Words to tap for fields of free text. */
export const words = (code: string, t: Task): string[] =>
  code === 'place_type' ? (PLACES[t.stage] ?? []) : code === 'amount_unit' ? ['kg', 'g', '袋', '瓶', '盒', 'L'] : code === 'wrapping' ? ['原包装', '无菌袋', '食品袋'] : code === 'unpacked' ? ['外包装完好，拆包后当场封样', '外包装破损，已拍照记录'] : []

const blankDrawn = (name = ''): Drawn => ({ name, shot: null })
export function beginSample(pack: SamplePack, me: { id: string; full_name: string }): SampleDraft {
  const { task, place } = pack
  const other = task.samplers.find((s) => s.user !== me.id)
  const sheet: Record<string, Value> = {
    task_source: SOURCES[task.sample_no.slice(0, 3)] ?? '',
    sampling_type: 'usual',
    place_type: PLACES[task.stage]?.[0] ?? '',
    food_major: pack.foods?.[0] || task.food,
    ...Object.fromEntries((['food_sub', 'food_minor', 'food_fine'] as const).flatMap((code, i) => (pack.foods?.[i + 1] ? [[code, pack.foods[i + 1] as string]] : []))),
    task_class: task.kind === 'monitor' ? '风险监测' : '监督抽检',
    unit_name: task.samplers.find((s) => s.user === me.id)?.house_name ?? '',
    unit_contact: me.full_name,
    shop_name: place.name,
    shop_address: place.address,
    area_type: 'city',
    uscc: place.uscc,
    licence_no: place.licence_no,
    name: task.food,
    nature: 'usual',
    imported: false,
    sterile: 'plain',
    form: 'solid',
    goods_type: task.stage === 'catering' ? 'catering' : 'industrial',
  }
  return {
    of: task.id,
    title: task.food,
    party_name: place.name,
    pack: markRaw(pack),
    step: 'start',
    started_at: 0,
    sheet,
    code: '',
    goods: '',
    producer: '',
    shots: [],
    seal_test: '',
    seal_spare: '',
    first: blankDrawn(me.full_name),
    second: blankDrawn(other?.name ?? ''),
    business: blankDrawn(),
    escort: blankDrawn(),
    missed: { refused: true, reason: '', witness: '', shots: [] },
  }
}
const STORAGE: [RegExp, string][] = [
  [/冻/, 'frozen'],
  [/冷藏|低温|0.{0,3}[4-9] ?℃/, 'cool'],
  [/避光/, 'dark'],
  [/常温|室温|阴凉|干燥/, 'room'],
]
/** What the label says goes into the sheet; what is not known is left as it is. */
export function fillFrom(d: SampleDraft, g: Goods, code: string): void {
  const set = (k: string, v: Value | null | undefined): void => {
    if (v !== null && v !== undefined && v !== '') d.sheet[k] = v
  }
  set('barcode', g.gtin.replace(/^0(?=\d{13}$)/, ''))
  set('brand', g.brand)
  set('name', g.name)
  set('spec', g.spec)
  set('standard', g.standard)
  set('batch', g.batch)
  set('made', g.made)
  set('expires', g.expires)
  set('shelf_life', g.shelf_days ? `${g.shelf_days} 天` : '')
  set('origin', g.own ? 'own' : 'bought')
  set('packing', g.gtin || g.spec !== '散装' ? 'prepacked' : 'loose')
  set('storage', STORAGE.find(([r]) => r.test(g.storage))?.[1] ?? 'room')
  set('maker_name', g.maker.name)
  set('maker_address', g.maker.address)
  set('maker_licence', g.maker.licence)
  if (g.on_hand) {
    const [n, unit] = g.unit === 'pc' ? [g.on_hand, '件'] : [g.on_hand / 1000, g.unit === 'ml' ? 'L' : 'kg']
    set('base_amount', String(n))
    set('amount_unit', unit)
  }
  Object.assign(d, { code, goods: g.name + (g.batch ? ` 批号 ${g.batch}` : ''), producer: g.maker.party })
}
export const fieldsOf = (d: SampleDraft): SheetField[] => d.pack.form.sections.flatMap((s) => s.fields)
export const network = (d: SampleDraft): boolean => d.sheet.sampling_type === 'network'
const empty = (v: Value | undefined): boolean => v === undefined || v === '' || (typeof v === 'string' && !v.trim())
/** Codes of fields that must still be filled in. */
export function wanting(d: SampleDraft): string[] {
  const f = d.pack.form
  const must = (x: SheetField): boolean => !!x.required || (network(d) && f.network_fields.includes(x.code)) || (x.code === 'escort' && d.pack.task.escort)
  // whom one talks to is who signs
  const out = fieldsOf(d).filter((x) => x.code !== 'shop_contact' && must(x) && empty(d.sheet[x.code])).map((x) => x.code)
  if (empty(d.sheet.made) && empty(d.sheet.bought)) out.push('made')
  return out
}
export interface Kind {
  code: string
  name: string
  must: boolean
  guide: string
}
const GUIDES: Record<string, string> = {
  door: '站远些，招牌和门牌都拍到',
  licence: '营业执照、许可证正面，字要看得清',
  shelf: '样品所在的货架或库位，看得出基数',
  sample: '样品整体，正面朝上',
  label: '标签上的日期、批号、厂名，拍近一些',
  seal: '两份样品都封好，封条编号和签名朝外',
  people: '两名抽样人员和在场人员同框',
  receipt: '购样小票或发票，金额看得清',
  notice: '告知书签字页',
  order: '订单页面，账号、订单号、金额',
  parcel: '快递面单与外包装六面',
  unpack: '拆包过程和样品到手时的样子',
  other: '需要说明的其他情况',
}
/** Kinds in the order in which one comes to them; a shop's front is not photographed where it was bought over a network. */
export function kindsOf(d: SampleDraft): Kind[] {
  const { form } = d.pack
  const net = network(d)
  const must = new Set([...form.must, ...(Number(d.sheet.price) === 0 ? [] : form.paid_must), 'label', ...(net ? form.network_must : [...form.site_must, 'licence', 'shelf'])])
  const first = net ? form.network_must : []
  const list = form.media.filter((m) => net || !form.network_must.includes(m.code))
  return [...list.filter((m) => first.includes(m.code)), ...list.filter((m) => !first.includes(m.code))].map((m) => ({ code: m.code, name: m.name, must: must.has(m.code), guide: GUIDES[m.code] ?? '' }))
}
export const shotsOf = (d: SampleDraft, kind: string): Shot[] => d.shots.filter((s) => s.kind === kind).map((s) => s.shot)
/** The next photo that is wanted: first one of each kind that must be, then any until there are enough. */
export const nextKind = (d: SampleDraft): Kind | undefined => kindsOf(d).find((k) => k.must && !shotsOf(d, k.code).length)
export function photoGaps(d: SampleDraft): string[] {
  const out = kindsOf(d).filter((k) => k.must && !shotsOf(d, k.code).length).map((k) => k.name)
  const few = d.pack.form.photos - d.shots.filter((s) => s.shot.media.startsWith('image/')).length
  return out.length ? [`还缺：${out.join('、')}`] : few > 0 ? [`还差 ${few} 张`] : []
}
export function sealGaps(d: SampleDraft): string[] {
  const out: string[] = []
  if (!d.seal_test.trim()) out.push('请填检样封条编号')
  if (!d.seal_spare.trim()) out.push('请填备样封条编号')
  if (d.seal_test.trim() && d.seal_test.trim() === d.seal_spare.trim()) out.push('两份样品的封条编号不能相同')
  if (!d.first.shot) out.push('请您本人签字')
  if (!d.business.name.trim()) out.push(network(d) ? '请填网店的联系人' : '请填被抽样单位签字人的姓名')
  if (!network(d) && !d.business.shot) out.push('请被抽样单位签字；拒绝的请选“没抽到”')
  if (d.pack.task.escort && !d.escort.shot) out.push('请陪同执法人员签字')
  if (d.pack.task.escort && d.pack.escorts?.length && !d.pack.escorts.includes(d.escort.name.trim())) out.push('请从名单里选陪同的监管人员')
  return out
}
export function missedGaps(d: SampleDraft): string[] {
  const m = d.missed
  const filmed = m.shots.some((s) => s.media.startsWith('video/'))
  return [...(m.reason.trim() ? [] : [m.refused ? '请写明拒绝的经过' : '请写明未抽到的原因']), ...(m.shots.length ? [] : ['请拍现场照片或录像']), ...(m.refused && !m.witness.trim() && !filmed ? ['请填在场见证人，或者录像'] : [])]
}
const ROLES = ['first', 'second', 'business', 'escort'] as const
export function signaturesOf(d: SampleDraft): { role: string; name: string; file: string }[] {
  return ROLES.flatMap((role) => (d[role].shot && d[role].name.trim() ? [{ role, name: d[role].name.trim(), file: d[role].shot.hash }] : []))
}
/** Everything that goes along: photos by kind, then signatures. */
export function allShots(d: SampleDraft): { kind: string; shot: Shot }[] {
  return [...d.shots, ...ROLES.flatMap((r) => (d[r].shot ? [{ kind: 'signature', shot: d[r].shot }] : []))]
}
/** The sheet as the contract has it, with its fingerprint for the second sampler. */
export async function toSheet(d: SampleDraft, at: number): Promise<NewSheet> {
  const known = fieldsOf(d)
  const filled = Object.fromEntries(Object.entries({ ...d.sheet, shop_contact: d.business.name.trim(), ...(d.escort.name.trim() ? { escort: d.escort.name.trim() } : {}) }).filter(([k, v]) => !empty(v) && known.some((f) => f.code === k)))
  const [code, seal_test, seal_spare] = [d.code, d.seal_test.trim(), d.seal_spare.trim()]
  const words = JSON.stringify([d.pack.task.sample_no, filled, code, seal_test, seal_spare, d.shots.map((s) => s.shot.hash)])
  const told = await sha256(new TextEncoder().encode(words))
  return { sheet: filled, code, seal_test, seal_spare, producer: d.producer, signatures: signaturesOf(d), told, at } as NewSheet
}
/** What a sheet says, by name, for the second sampler to look at. */
const SHOWN: [string, string][] = [['name', '样品名称'], ['brand', '商标'], ['spec', '规格'], ['made', '生产日期'], ['bought', '购进日期'], ['batch', '批号'], ['maker_name', '生产企业'], ['base_amount', '抽样基数'], ['amount', '抽样数量'], ['spare_amount', '备样数量'], ['amount_unit', '单位'], ['shop_contact', '联系人']]
export const fieldsOfForm = (sheet: Record<string, unknown>): [string, string][] => SHOWN.flatMap(([code, name]) => (sheet[code] ? [[name, String(sheet[code])] as [string, string]] : []))
