/** How a draft is named in lists, and where it goes on. */
import type { Draft } from '@/store/drafts'

interface Named {
  title?: string
  party_name?: string
  of?: string
}
const KINDS: Record<string, { name: string; to: (of: string) => string }> = {
  report: { name: '登记问题', to: (of) => `/report/${of}` },
  mend: { name: '提交整改', to: (of) => `/mend/${of}` },
  check: { name: '复查', to: (of) => `/checks/${of}` },
  sample: { name: '抽样', to: (of) => `/samples/${of}` },
  rapid: { name: '快检', to: (of) => `/rapid/${of}` },
  recall: { name: '召回核查', to: (of) => `/recalls/${of}` },
  visit: { name: '检查', to: (of) => `/visits/${of}` },
}
export function draftLine(d: Draft<unknown>): { title: string; about: string; to: string } {
  const v = d.value as Named
  const kind = KINDS[d.kind]
  return { title: `${kind?.name ?? d.kind}：${v.title || v.party_name || ''}`, about: v.title ? (v.party_name ?? '') : '', to: kind?.to(v.of ?? '') ?? '/queue' }
}
