// Every page of the console with a role it is made for, and the public pages: one list for the tests and for the pictures.
import { context, signIn } from './browser.js'
import { scene } from './findings.js'
import { aRapid } from './rapid.js'
import { ask, tell } from './world.js'

const BUSINESS = ['/', '/feedback', '/members', 'SURVEY', '/my-recalls', 'HOLD', '/rapid', '/rapid/new', '/rapid/points', '/own-samples', '/my-cases', 'MY-CASE', '/notices', '/todo', '/findings', '/findings/new', '/mend', 'MEND', '/jobs', '/account', '/parties', 'PARTY', '/products', '/products/new', '/products/import', 'PRODUCT', 'PRODUCT/edit', '/lots', 'LOT', '/ledgers/purchases', '/ledgers/sales', '/events', '/capture', '/capture/receive', '/capture/intake', '/capture/produce', '/capture/ship', '/capture/return', '/capture/sell', '/capture/loss', '/capture/stocktake', '/capture/import', '/keys', '/clerks']
export const PAGES = {
  officer1: ['/', '/notices', '/todo', '/todo?tab=claim', '/flows', '/findings', '/findings/new', '/findings/rates', 'FINDING', '/visits', '/visits/new', 'VISIT', '/draws', '/publication', '/publication?state=shown', '/recusals', '/calendar', '/sample-draws', '/campaigns', '/campaigns/new', 'CAMPAIGN', '/checklists', '/jobs', '/account', '/parties', '/parties/new', '/parties/import', 'PARTY', 'PARTY/edit', 'PARTY/merge', '/products', 'PRODUCT', '/lots', 'LOT', '/ledgers/purchases', '/ledgers/sales', '/events', '/investigations', '/suspicions', '/risk', 'RISK', '/credit/lists', '/credit/measures', '/credit/platforms', '/enforcement', '/enforcement/new', 'ENFORCEMENT', '/statistics', '/rapid', '/rapid/new', '/rapid/import', '/rapid/positives', '/rapid/figures', '/rapid/points', 'RAPIDPOINT', 'RAPIDTEST', 'RAPIDBAD', '/statistics/cases?what=open', '/reports', 'REPORT', '/sample-statistics', '/sample-statistics?by=region&across=stage', '/sample-statistics/samples', '/recalls', '/recalls/new', 'RECALL', 'RECALL?ended', '/recall-visits', 'NEAR', '/recall-drills', '/samples', 'SAMPLE', 'SAMPLE?recheck', '/samples/new', '/sample-plans', '/sample-plans/new', 'QUOTAS', '/sample-targets', 'TARGET', '/sample-map', '/feedback', 'WEEKLY', '/members', '/members/import', '/labs', '/labs/new', 'LABORATORY', '/sample-limits', '/published-samples', '/nowhere'],
  investigator: ['/', '/investigations', '/investigations/networks', '/investigations/scopes', '/investigations/new', 'CASE?view=graph', 'CASE?view=map', 'CASE?view=time', 'CASE?view=table', '/suspicions', '/subscriptions', '/capture/import', 'LOT'],
  leader: ['/', '/risk/rules', '/risk/adjustments', '/feedback', 'WEEKLY', '/members', '/statistics', '/reports', '/todo', 'SAMPLE', '/inspection-plans', '/findings/rates?by=source', 'FINDING', '/parties', '/audit', '/investigations'],
  sysadmin: ['/', '/calendar', '/calendar?year=2099', '/division-changes', '/users', '/posts', '/keys', '/limits', '/sample-limits', '/account'],
  station: ['/', '/statistics', '/reports'],
  secadmin: ['/', '/users', '/posts', '/keys'],
  audadmin: ['/', '/audit', '/users'],
  owner: BUSINESS,
  'lab.analyst': ['/', '/assays', '/assays/readings', 'ASSAY?step=enter', 'ASSAY?step=issued'],
  'relab.analyst': ['/assays', 'ASSAY?step=recheck_enter'],
  'lab.head': ['ASSAY?step=accept'],
  clerk: ['/', '/capture', '/capture/receive', '/lots'],
}
export const PUBLIC = ['/t/', '/console/open-map', '/choose', 'CHOOSE', 'CHOOSE?care=1', '/recalls', '/recalls/drills', 'CODE', 'CODE?care=1', 'SHOP', 'SHOP?care=1', '/t/TAAAAAAAAAAAAA']

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
  // what the sample has none of shows its list
  if (path === 'VISIT') return `/visits/${(await first('/api/visits?state=done&size=1'))?.id ?? ''}`.replace(/\/$/, '')
  if (path === 'SURVEY') return await ask(page, '/api/permits?size=1').then((l) => (l.items[0] ? `/permits/${l.items[0].id}/survey` : '/permits'))
  if (path === 'SAMPLE?recheck') {
    // drawn, else applied for; else of those that there are
    const again = (await ask(page, '/api/samples?status=recheck&size=20')).items
    for (const s of again) if ((await ask(page, `/api/samples/${s.id}`)).recheck?.draw) return `/samples/${s.id}`
    return `/samples/${(again[0] ?? (await first('/api/samples?size=1'))).id}`
  }
  if (path === 'SAMPLE') {
    const failing = (await ask(page, '/api/samples?status=disposal&size=1')).items
    return `/samples/${(failing[0] ?? (await first('/api/samples?size=1'))).id}`
  }
  if (path === 'QUOTAS') return `/sample-plans/${(await ask(page, '/api/sample-plans'))[0].id}`
  if (path === 'TARGET') return `/sample-targets/${(await first('/api/sample-targets?state=all&size=1'))?.id ?? ''}`.replace(/\/$/, '')
  if (path === 'WEEKLY') {
    const alert = (await ask(page, '/api/feedback?alert=1&size=1')).items[0]
    return `/feedback/${(alert ?? (await first('/api/feedback?size=1')))?.id ?? ''}`.replace(/\/$/, '')
  }
  if (path === 'LABORATORY') return `/labs/${(await ask(page, '/api/labs'))[0].id}`
  if (path.startsWith('ASSAY')) {
    const waiting = (await ask(page, `/api/assays${path.slice(5)}&size=1`)).items
    return `/assays/${(waiting[0] ?? (await first('/api/assays?size=1'))).blind}`
  }
  if (path === 'ENFORCEMENT') {
    const decided = await first('/api/enforcement/cases?size=1&state=decided')
    return decided ? `/cases/${decided.id}` : '/enforcement'
  }
  if (path === 'MY-CASE') return `/my-cases/${(await ask(page, '/api/enforcement/mine'))[0].id}`
  if (path.startsWith('RAPID')) {
    const rapid = await aRapid(page)
    return { RAPIDPOINT: `/rapid/points/${rapid.point}`, RAPIDTEST: `/rapid/tests/${rapid.test}`, RAPIDBAD: `/rapid/positives/${rapid.positive}` }[path]
  }
  if (path.startsWith('RECALL')) {
    const found = await first(`/api/recalls?status=${path.endsWith('ended') ? 'closed' : 'recalling'}&size=1`)
    return found ? `/recalls/${found.id}` : '/recalls'
  }
  if (path === 'NEAR') {
    const near = (await ask(page, '/api/recall-visits'))[0]
    return near ? `/recall-visits/${near.id}` : '/recall-visits'
  }
  if (path === 'HOLD') {
    const mine = (await ask(page, '/api/recalls/mine')).find((m) => m.task)
    return mine ? `/my-recalls/${mine.recall.id}` : '/my-recalls'
  }
  if (path === 'LOT') return `/lots/${(await first('/api/lots?size=1&on_hand=1')).no}`
  if (path === 'REPORT') return `/reports/${(await aReport(page)).id}`
  if (path === 'CAMPAIGN') return `/campaigns/${(await first('/api/campaigns?size=1'))?.id ?? 'new'}`
  if (path.startsWith('CASE')) return `/investigations/${await aCase(page, city)}${path.slice(4)}`
  return path
}
/** Public addresses in place of the words: a batch of the walk, a shop. */
export async function publicPlaces(city) {
  const headers = { 'content-type': 'application/json', 'x-shian': '1', 'idempotency-key': crypto.randomUUID() }
  const signed = await fetch(`${city.base}/api/session`, { method: 'POST', headers, body: JSON.stringify({ name: 'officer1', password: city.password }) })
  const shops = await fetch(`${city.base}/api/parties?size=1&kind=shop`, { headers: { cookie: signed.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ') } })
  const shop = (await shops.json()).items[0].code
  const open = (await (await fetch(`${city.base}/choose`)).text()).match(/\/choose\/[2-9A-Z]{8}/)?.[0] ?? '/choose'
  return PUBLIC.map((path) => path.replace('CHOOSE', open).replace('CODE', `/t/${city.sample.walk.code}`).replace('SHOP', `/t/${shop}`))
}

/** A case of one's own from the code of the walk; the first that there is serves all. */
export async function aCase(page, city) {
  const had = await ask(page, '/api/investigations?size=1')
  if (had.items?.length) return had.items[0].id
  return (await tell(page, 'POST', '/api/investigations', { title: '试验：一批香肠', seeds: { codes: [city.sample.walk.code] } })).id
}

/** A report of the last week that is over; made where the schedule made none. */
export async function aReport(page) {
  const had = await ask(page, '/api/reports?size=1')
  if (had.items.length) return had.items[0]
  const [template] = await ask(page, '/api/reports/templates')
  const { jurisdiction } = await ask(page, '/api/session')
  return tell(page, 'POST', '/api/reports', { template: template.code, division: jurisdiction[0].prefix, day: template.last_first })
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
