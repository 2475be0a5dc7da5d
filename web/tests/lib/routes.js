// Every page of the console with a role it is made for, and the public pages: one list for the tests and for the pictures.
import { context, signIn } from './browser.js'
import { scene } from './findings.js'
import { ask, tell } from './world.js'

const BUSINESS = ['/', '/my-recalls', '/notices', '/todo', '/findings', '/findings/new', '/mend', 'MEND', '/jobs', '/account', '/parties', 'PARTY', '/products', '/products/new', '/products/import', 'PRODUCT', 'PRODUCT/edit', '/lots', 'LOT', '/ledgers/purchases', '/ledgers/sales', '/events', '/capture', '/capture/receive', '/capture/intake', '/capture/produce', '/capture/ship', '/capture/return', '/capture/sell', '/capture/loss', '/capture/stocktake', '/capture/import', '/keys', '/clerks']
export const PAGES = {
  officer1: ['/', '/notices', '/todo', '/todo?tab=claim', '/flows', '/findings', '/findings/new', '/findings/rates', 'FINDING', '/visits', '/visits/new', '/draws', '/checklists', '/jobs', '/account', '/parties', '/parties/new', '/parties/import', 'PARTY', 'PARTY/edit', 'PARTY/merge', '/products', 'PRODUCT', '/lots', 'LOT', '/ledgers/purchases', '/ledgers/sales', '/events', '/investigations', '/suspicions', '/risk', 'RISK', '/credit/lists', '/credit/measures', '/statistics', '/recalls', '/recalls/new', '/recall-drills', '/nowhere'],
  investigator: ['/', '/investigations', '/investigations/scopes', '/investigations/new', 'CASE?view=graph', 'CASE?view=map', 'CASE?view=time', 'CASE?view=table', '/suspicions', '/subscriptions', '/capture/import', 'LOT'],
  leader: ['/', '/todo', '/inspection-plans', '/findings/rates?by=source', 'FINDING', '/parties', '/audit', '/investigations'],
  sysadmin: ['/', '/users', '/posts', '/keys', '/limits', '/account'],
  secadmin: ['/', '/users', '/posts', '/keys'],
  audadmin: ['/', '/audit', '/users'],
  owner: BUSINESS,
  clerk: ['/', '/capture', '/capture/receive', '/lots'],
}
export const PUBLIC = ['/t/', '/recalls', '/recalls/drills', 'CODE', 'CODE?care=1', 'SHOP', 'SHOP?care=1', '/t/TAAAAAAAAAAAAA']

/** The address in place of the words, for the person of this page. */
export async function place(page, path, city) {
  const first = async (list) => (await ask(page, list)).items[0]
  if (path.startsWith('PARTY')) return `/parties/${(await first('/api/parties?size=1')).id}${path.slice(5)}`
  if (path === 'RISK') return `/risk/${(await first('/api/parties?size=1')).id}`
  if (path.startsWith('PRODUCT')) return `/products/${(await first('/api/products?size=1')).id}${path.slice(7)}`
  if (path === 'FINDING' || path === 'MEND') {
    const finding = await aFinding(page, city)
    return path === 'MEND' ? `/findings/code/${finding.code}` : `/cases/${finding.id}`
  }
  if (path === 'LOT') return `/lots/${(await first('/api/lots?size=1&on_hand=1')).no}`
  if (path.startsWith('CASE')) return `/investigations/${await aCase(page, city)}${path.slice(4)}`
  return path
}
/** Public addresses in place of the words: a batch of the walk, a shop. */
export async function publicPlaces(city) {
  const headers = { 'content-type': 'application/json', 'x-shian': '1', 'idempotency-key': crypto.randomUUID() }
  const signed = await fetch(`${city.base}/api/session`, { method: 'POST', headers, body: JSON.stringify({ name: 'officer1', password: city.password }) })
  const shops = await fetch(`${city.base}/api/parties?size=1&kind=shop`, { headers: { cookie: signed.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ') } })
  const shop = (await shops.json()).items[0].code
  return PUBLIC.map((path) => path.replace('CODE', `/t/${city.sample.walk.code}`).replace('SHOP', `/t/${shop}`))
}

/** A case of one's own from the code of the walk; the first that there is serves all. */
export async function aCase(page, city) {
  const had = await ask(page, '/api/investigations?size=1')
  if (had.items?.length) return had.items[0].id
  return (await tell(page, 'POST', '/api/investigations', { title: '试验：一批香肠', seeds: { codes: [city.sample.walk.code] } })).id
}

/** A finding about the business of `owner` that waits to be mended; the first that asks makes one in each state. */
export async function aFinding(page, city) {
  const open = () => ask(page, '/api/findings?status=mending&size=1')
  if (!(await open()).items.length) {
    const people = await Promise.all(['officer1', 'owner'].map(async (name) => {
      const { context: c } = await context(page.context().browser(), city.base)
      const one = await c.newPage()
      await signIn(one, name, city.password)
      return { one, leave: () => c.close() }
    }))
    await scene(people[0].one, people[1].one)
    await Promise.all(people.map((p) => p.leave()))
  }
  return (await open()).items[0]
}
