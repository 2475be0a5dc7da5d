import type { LedgerRow } from '@/api'
import { amountWithUnit, partial } from '@/kit/format'
import type { Column, Filter } from '@/kit/list/columns'
import { LEDGER_STATES, options } from '@/kit/words'

/** The columns the law asks of a purchase-check record (食品安全法 53) and of a sales record; one event, two books. */
export function columns(book: 'purchase' | 'sale'): Column<LedgerRow>[] {
  const [mine, other] = book === 'purchase' ? ['购货者', '供货者'] : ['销售者', '购货者']
  return [
    { key: 'product_name', label: '名称', lead: true },
    { key: 'at', label: book === 'purchase' ? '进货日期' : '销售日期', sort: true, text: (r) => partial(r.at) },
    { key: 'spec', label: '规格' },
    { key: 'amount', label: '数量', num: true, sort: true, text: (r) => amountWithUnit(r.amount, r.unit) },
    { key: 'batch', label: '批号', code: true },
    { key: 'made', label: '生产日期', sort: true, text: (r) => partial(r.made) },
    { key: 'expires', label: '到期', text: (r) => partial(r.expires) },
    { key: 'counterpart_name', label: other },
    { key: 'counterpart_contact', label: `${other}联系方式`, spare: true },
    { key: 'state', label: '状态' },
    { key: 'party_name', label: mine },
    { key: 'certificate', label: '合格证明', spare: true },
    { key: 'doc_no', label: '单号', code: true },
  ]
}
export const filters = (book: 'purchase' | 'sale'): Filter[] => [
  { kind: 'dates', key: 'at', label: book === 'purchase' ? '进货日期' : '销售日期' },
  { kind: 'select', key: 'state', label: '状态', options: options(LEDGER_STATES) },
  { kind: 'division', key: 'division', label: '区划' },
]
