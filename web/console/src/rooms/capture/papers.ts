/** 随货凭证, vehicle and supplier as a form holds them; the server checks their form and names the field. */
import type { Additive, Papers } from '@/api/schema'

export const PAPERS: [keyof Papers, string][] = [
  ['quality', '产品合格证明（出厂检验报告）'], ['commitment', '承诺达标合格证'], ['animal_quarantine', '动物检疫合格证明'], ['meat_inspection', '肉品品质检验合格证'],
  ['plant_quarantine', '植物检疫证书'], ['customs', '报关单号'], ['import_inspection', '入境货物检验检疫证明'],
]
export const SUPPLIER: [keyof Papers, string][] = [['supplier_contact', '联系人'], ['supplier_phone', '电话'], ['supplier_address', '地址'], ['supplier_licence', '许可证编号']]
export interface PaperForm {
  /** Certificates: which, and its number. */
  rows: { kind: keyof Papers; number: string }[]
  vehicle: string
  supplier_contact: string
  supplier_phone: string
  supplier_address: string
  supplier_licence: string
}
export const noPapers = (): PaperForm => ({ rows: [], vehicle: '', supplier_contact: '', supplier_phone: '', supplier_address: '', supplier_licence: '' })

/** As the server takes them; nothing where nothing is said. `outside`: the supplier is not on the platform. */
export function papersOf(f: PaperForm, outside: boolean): Papers | null {
  const out: Papers = {}
  for (const r of f.rows) if (r.number.trim()) out[r.kind] = [out[r.kind], r.number.trim()].filter(Boolean).join('、')
  if (f.vehicle.trim()) out.vehicle = f.vehicle
  if (outside) for (const [key] of SUPPLIER) if (f[key as 'supplier_phone'].trim()) out[key] = f[key as 'supplier_phone']
  return Object.keys(out).length ? out : null
}
/** What was given, in words: for pages that show it. */
export const paperLines = (p: Papers | null | undefined): [string, string][] =>
  [...PAPERS, ['vehicle', '车牌号'] as [keyof Papers, string], ...SUPPLIER.map(([k, t]): [keyof Papers, string] => [k, `供货者${t}`])].flatMap(([key, label]) => (p?.[key] ? [[label, p[key]!] as [string, string]] : []))

/** 功能类别 of GB 2760-2024, appendix D; others may be typed. */
export const PURPOSES = ['酸度调节剂', '抗结剂', '消泡剂', '抗氧化剂', '漂白剂', '膨松剂', '着色剂', '护色剂', '乳化剂', '酶制剂', '增味剂', '面粉处理剂', '被膜剂', '水分保持剂', '防腐剂', '稳定剂和凝固剂', '甜味剂', '增稠剂', '食品用香料', '食品工业用加工助剂', '营养强化剂']
export interface AdditiveForm {
  name: string
  /** grams or millilitres, as typed */
  amount: string
  unit: 'mg' | 'ul'
  purpose: string
}
/** Milligrams or microlitres from what was typed in g or mL; null where it is no number. */
export function fine(text: string): number | null {
  const t = text.trim()
  return /^\d{1,9}(\.\d{1,3})?$/.test(t) && Number(t) > 0 ? Math.round(Number(t) * 1000) : null
}
export const additiveText = (a: Additive): string => `${(a.amount / 1000).toLocaleString('zh-CN', { maximumFractionDigits: 3 })} ${a.unit === 'mg' ? 'g' : 'mL'}`
