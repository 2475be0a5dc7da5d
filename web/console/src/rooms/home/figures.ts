import type { Home } from '@/api'
import type { Tone } from '@/kit/tone'

/** The figures of the home page, in order; a code the server does not send is not shown. */
export interface HomeFigure {
  code: string
  label: string
  unit: string
  to?: (h: Home) => string
  tone?: Tone
  mark?: string
}
export const groups: { label: string; figures: HomeFigure[] }[] = [
  {
    label: '在册',
    figures: [
      { code: 'parties', label: '在业主体', unit: '家', to: () => '/parties?status=active' },
      { code: 'products', label: '产品', unit: '种', to: () => '/products' },
      { code: 'lots_in_stock', label: '有库存的批次', unit: '批', to: () => '/lots?state=stock&on_hand=1' },
    ],
  },
  {
    label: '流通',
    figures: [
      { code: 'purchases', label: '进货查验', unit: '笔', to: (h) => `/ledgers/purchases?from=${h.trade_day}&until=${h.trade_day}` },
      { code: 'sales', label: '销售', unit: '笔', to: (h) => `/ledgers/sales?from=${h.trade_day}&until=${h.trade_day}` },
      { code: 'in_transit', label: '在途待收', unit: '批', to: () => '/lots?state=transit&on_hand=1' },
      { code: 'refused', label: '拒收', unit: '笔', to: (h) => `/events?kind=refuse&from=${h.trade_day}&until=${h.trade_day}` },
    ],
  },
]
export const duties: Record<string, { label: string; to: (h: Home) => string; tone: Tone; mark: string; next: string }> = {
  receive: { label: '发来的货等您查验', to: () => '/capture/receive', tone: 'warn', mark: '▶', next: '去收货' },
  licence_expired: { label: '许可证到期仍在营业', to: (h) => `/parties?status=active&expires_by=${h.today}`, tone: 'bad', mark: '■', next: '看名单' },
  licence_expiring: { label: '许可证 60 日内到期', to: (h) => `/parties?status=active&expires_by=${h.licences_by}`, tone: 'warn', mark: '▲', next: '看名单' },
  transit_late: { label: '发货超过 3 日无人收货', to: (h) => `/lots?state=transit&on_hand=1&sent_before=${h.three_ago}`, tone: 'warn', mark: '▲', next: '看批次' },
  expired_stock: { label: '过期批次仍有库存', to: (h) => `/lots?state=stock&on_hand=1&expires_before=${h.today}`, tone: 'bad', mark: '■', next: '看批次' },
  expiring_stock: { label: '7 日内到期的库存', to: (h) => `/lots?state=stock&on_hand=1&expires_from=${h.today}&expires_before=${h.week_on}`, tone: 'warn', mark: '▲', next: '看批次' },
  investigations: { label: '排查还没有固定范围', to: () => '/investigations?state=open', tone: 'info', mark: '◐', next: '去排查' },
  locked_users: { label: '账号被锁定', to: () => '/users?state=locked', tone: 'warn', mark: '▲', next: '看账号' },
}
