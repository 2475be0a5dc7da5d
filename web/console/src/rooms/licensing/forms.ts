/** Forms as the server tells them: which fields are asked for, what is blank, what goes to the server. The server decides again. */
import { ask } from '@/api'

export type Cond = Record<string, unknown>
export interface Choice {
  code: string
  name: string
  when?: Cond | null
}
export interface Field {
  code: string
  name: string
  kind: 'text' | 'long' | 'number' | 'date' | 'flag' | 'choice' | 'choices' | 'rows' | 'file' | 'files' | 'id_no' | 'phone' | 'uscc'
  required: boolean
  required_when?: Cond | null
  when?: Cond | null
  options: Choice[]
  options_from: string
  least?: number | null
  most?: number | null
  hint: string
  prefill: string
  fields: Field[]
}
export interface Step {
  code: string
  name: string
  when?: Cond | null
  fields: Field[]
}
export interface Form {
  code: string
  version: number
  name: string
  source: string
  certainty: string
  steps: Step[]
}
export interface Term {
  code: string
  period: { unit: string; count: number }
  source: string
  certainty: string
}
export interface Matter {
  code: string
  name: string
  group: 'licence' | 'filing' | 'local'
  form: string
  licence: string
  province: string
  years: number
  source: string
  certainty: string
  kinds: string[]
  acts: { code: string; name: string; visit: string; spot: boolean; mode: string[] }[]
  terms: Term[]
}
export interface Offer {
  matters: Matter[]
  forms: Form[]
  lists: { code: string; items: [string, string][] }[]
}
let kept: Promise<Offer> | null = null
/** What may be applied for; asked once. */
export function offer(): Promise<Offer> {
  kept ??= ask('GET /api/permits/matters').then(
    (o) => o as unknown as Offer,
    (e) => {
      kept = null
      throw e
    },
  )
  return kept
}
export type Values = Record<string, unknown>
/** `$act`, `$mode`, `$province`, `$matter` */
export type Facts = Record<string, string>

export interface Scope {
  top: Values
  facts: Facts
  row?: Values
}
const valueOf = (s: Scope, name: string): unknown => (name.startsWith('$') ? s.facts[name] : s.row && name in s.row ? s.row[name] : s.top[name])
/** Whether a condition holds; nothing holds of what is not filled in. */
export function holds(cond: Cond | null | undefined, s: Scope): boolean {
  if (!cond) return true
  const c = cond
  if ('all' in c) return (c.all as Cond[]).every((x) => holds(x, s))
  if ('any' in c) return (c.any as Cond[]).some((x) => holds(x, s))
  if ('not' in c) return !holds(c.not as Cond, s)
  const [kind, pair] = Object.entries(c)[0] as unknown as [string, [string, unknown]]
  const v = valueOf(s, pair[0])
  if (kind === 'is') return v === pair[1]
  if (kind === 'in') return (pair[1] as unknown[]).includes(v)
  if (kind === 'has') return Array.isArray(v) && v.includes(pair[1])
  if (kind === 'above') return typeof v === 'number' && v > (pair[1] as number)
  return typeof v === 'number' && v < (pair[1] as number)
}
export const blank = (v: unknown): boolean => v == null || v === false || (typeof v === 'string' && !v.trim()) || (Array.isArray(v) && !v.length)
export const asked = (step: Step, s: Scope): Field[] => (holds(step.when, s) ? step.fields.filter((f) => holds(f.when, s)) : [])
export const steps = (form: Form, s: Scope): Step[] => form.steps.filter((x) => asked(x, s).length)
export const needed = (f: Field, s: Scope): boolean => (f.required && !f.required_when) || (!!f.required_when && holds(f.required_when, s))

/** What goes to the server: only what is asked for and filled in. */
export function tidy(form: Form, s: Scope): Values {
  const out: Values = {}
  for (const step of form.steps)
    for (const f of asked(step, s)) {
      const v = s.top[f.code]
      if (blank(v)) continue
      out[f.code] = f.kind === 'rows' ? (v as Values[]).map((row) => Object.fromEntries(f.fields.filter((c) => holds(c.when, { ...s, row }) && !blank(row[c.code])).map((c) => [c.code, row[c.code]]))) : v
    }
  return out
}
/** Fields that are asked for and empty. */
export function missing(step: Step, s: Scope): Record<string, string> {
  const out: Record<string, string> = {}
  const verb = (f: Field): string => (/file/.test(f.kind) ? '请上传' : /choice/.test(f.kind) ? '请选择' : f.kind === 'flag' ? '请确认' : '请填写')
  for (const f of asked(step, s)) {
    const v = s.top[f.code]
    if (needed(f, s) && blank(v)) out[f.code] = `${verb(f)}“${f.name}”`
    if (f.kind === 'rows' && Array.isArray(v))
      (v as Values[]).forEach((row, i) => {
        for (const c of f.fields) if (needed(c, { ...s, row }) && holds(c.when, { ...s, row }) && blank(row[c.code])) out[`${f.code}/${i}/${c.code}`] = `${verb(c)}“${c.name}”`
      })
  }
  return out
}
export function choices(f: Field, s: Scope, offer: Offer): { code: string; name: string }[] {
  if (!f.options_from) return f.options.filter((o) => holds(o.when, s))
  return (offer.lists.find((l) => l.code === f.options_from)?.items ?? []).map(([code, name]) => ({ code, name }))
}
/** A value in words. */
export function words(f: Field, v: unknown, offer: Offer): string {
  if (blank(v)) return '—'
  const s: Scope = { top: {}, facts: {} }
  const all = f.options_from ? choices(f, s, offer) : f.options
  const name = (code: unknown): string => all.find((o) => o.code === code)?.name ?? String(code)
  if (f.kind === 'choice') return name(v)
  if (f.kind === 'choices') return (v as unknown[]).map(name).join('；')
  if (f.kind === 'flag') return '已确认'
  return String(v)
}
