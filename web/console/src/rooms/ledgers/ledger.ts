import type { EventLine } from '@/api'
import { amountWithUnit, partial, time } from '@/kit/format'
import type { Column, Filter } from '@/kit/list/columns'
import { KINDS } from '@/kit/words'
import { paperLines } from '../capture/papers'

type LedgerLine = EventLine & { other_address?: string }

/** `own`: the book of one business, whose name goes without saying. The columns the law asks of a purchase-check record (食品安全法 53) and of a sales record; one event, two books. */
export function columns(book: 'purchase' | 'sale', own: boolean): Column<EventLine>[] {
  const [mine, other] = book === 'purchase' ? ['购货者', '供货者'] : ['销售者', '购货者']
  return [
    { key: 'product_name', label: '名称', lead: true, text: (r) => r.product_name || '不明' },
    { key: 'at', label: book === 'purchase' ? '进货日期' : '销售日期', text: (r) => partial(r.at) },
    { key: 'spec', label: '规格' },
    { key: 'amount', label: '数量', num: true, text: (r) => amountWithUnit(r.amount, r.unit) },
    { key: 'batch', label: '批号', code: true },
    { key: 'made', label: '生产日期', text: (r) => partial(r.made) },
    { key: 'expires', label: '到期', text: (r) => partial(r.expires) },
    { key: 'other_name', label: other },
    { key: 'state', label: '情况' },
    ...(own ? [] : [{ key: 'party_name', label: mine }]),
    { key: 'doc_no', label: '单号', code: true },
    { key: 'papers', label: '随货凭证', spare: book === 'sale', text: (r) => paperLines(r.papers).filter(([k]) => !k.startsWith('供货者')).map(([k, v]) => `${k} ${v}`).join('；') },
    { key: 'other_address', label: `${other}地址`, spare: true, text: (r) => (r as LedgerLine).other_address || r.papers?.supplier_address },
    { key: 'other_phone', label: `${other}联系`, spare: true, text: (r) => [r.papers?.supplier_contact, r.papers?.supplier_phone].filter(Boolean).join(' ') },
    ...(book === 'sale' ? [{ key: 'kind', label: '方式', text: (r: EventLine) => KINDS[r.kind] ?? r.kind }] : []),
    { key: 'recorded_at', label: '登记时间', spare: true, sort: { up: 'no', down: '-no' }, text: (r) => time(r.recorded_at) },
    { key: 'division_name', label: '区划', spare: true },
  ]
}
export const filters = (book: 'purchase' | 'sale', own: boolean): Filter[] => [
  { kind: 'dates', key: 'at', label: book === 'purchase' ? '进货日期' : '销售日期', keys: ['from', 'until'] },
  ...(own ? [] : [{ kind: 'division', key: 'division', label: '区划' } as const]),
  { kind: 'flag', key: 'declared', label: '只看申报的历史' },
]
