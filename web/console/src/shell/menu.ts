import type { IconName } from '@/kit/icons'

export interface Entry {
  to: string
  label: string
  icon: IconName
  /** Any of these permissions; none means everyone signed in. */
  need?: string[]
  /** Only where the business is a laboratory, or only where it is none. */
  lab?: boolean
  /** Only where rapid tests concern the asker. */
  testing?: boolean
}
export interface Group {
  label: string
  entries: Entry[]
}

/** The nav, grouped by work. What a person may not do has no entry. */
export const menu: Group[] = [
  {
    label: '总览',
    entries: [
      { to: '/', label: '首页', icon: 'home' },
      { to: '/todo', label: '待办', icon: 'flag' },
      { to: '/jobs', label: '后台任务', icon: 'task' },
    ],
  },
  {
    label: '监管',
    entries: [
      { to: '/inspection-plans', label: '年度计划', icon: 'day', need: ['inspection.progress'] },
      { to: '/visits', label: '监督检查', icon: 'check', need: ['inspection.read'] },
      { to: '/draws', label: '双随机', icon: 'scales', need: ['inspection.draw'] },
      { to: '/recusals', label: '检查回避', icon: 'user', need: ['inspection.plan'] },
      { to: '/checklists', label: '检查要点', icon: 'table', need: ['inspection.read'] },
      { to: '/findings', label: '问题', icon: 'find', need: ['findings.read'] },
      { to: '/enforcement', label: '案件', icon: 'scales', need: ['enforcement.read'] },
      { to: '/my-cases', label: '本单位案件', icon: 'scales', need: ['enforcement.own'] },
      { to: '/publication', label: '公示安排', icon: 'out', need: ['publication.read'] },
      { to: '/rapid', label: '快检', icon: 'scan', need: ['rapid.read'], testing: true },
      { to: '/recalls', label: '召回', icon: 'flag', need: ['recall.supervise', 'recall.begin', 'recall.judge'] },
      { to: '/recall-visits', label: '辖区召回核查', icon: 'pin', need: ['recall.supervise'] },
      { to: '/my-recalls', label: '召回填报', icon: 'flag', need: ['recall.hold'] },
      { to: '/recall-drills', label: '模拟召回', icon: 'rate', need: ['recall.drill'] },
      { to: '/mend', label: '整改答复', icon: 'scan', need: ['findings.mend'] },
      { to: '/risk', label: '风险与信用', icon: 'scales', need: ['credit.list'] },
      { to: '/credit/lists', label: '信用名单', icon: 'audit', need: ['credit.list'] },
      { to: '/credit/platforms', label: '平台推送', icon: 'out', need: ['credit.list'] },
      { to: '/statistics', label: '统计分析', icon: 'rate', need: ['statistics.read'] },
      { to: '/sample-statistics', label: '抽检统计', icon: 'rate', need: ['sampling.read'] },
      { to: '/reports', label: '统计报表', icon: 'table', need: ['reports.read'] },
      { to: '/findings/rates', label: '闭环率', icon: 'rate', need: ['findings.rates'] },
      { to: '/flows', label: '流程图', icon: 'join' },
    ],
  },
  {
    label: '抽检',
    entries: [
      { to: '/samples', label: '抽样检验', icon: 'flask', need: ['sampling.read'] },
      { to: '/sample-plans', label: '抽检计划', icon: 'day', need: ['sampling.read'] },
      { to: '/sample-draws', label: '随机抽样', icon: 'scales', need: ['sampling.read'] },
      { to: '/campaigns', label: '你点我检', icon: 'check', need: ['campaigns.read'] },
      { to: '/sample-targets', label: '靶向抽检建议', icon: 'flag', need: ['sampling.read'] },
      { to: '/sample-map', label: '公示不合格地图', icon: 'pin', need: ['sampling.read'] },
      { to: '/feedback', label: '反馈周报', icon: 'table', need: ['feedback.read'] },
      { to: '/assays', label: '检验任务', icon: 'flask', need: ['sampling.lab'], lab: true },
      { to: '/own-samples', label: '被抽样品', icon: 'flask', need: ['sampling.own'], lab: false },
      { to: '/labs', label: '检验机构', icon: 'post', need: ['sampling.read'] },
      { to: '/sample-limits', label: '限量', icon: 'scales', need: ['sampling.read', 'sampling.limits'] },
      { to: '/published-samples', label: '公布信息', icon: 'out', need: ['sampling.read'] },
    ],
  },
  {
    label: '许可',
    entries: [
      { to: '/permits', label: '许可备案', icon: 'task', need: ['permits.read'] },
      { to: '/licences', label: '证照', icon: 'post', need: ['permits.read'] },
    ],
  },
  {
    label: '建档',
    entries: [
      { to: '/parties', label: '主体名录', icon: 'party', need: ['parties.read'] },
      { to: '/products', label: '产品', icon: 'product', need: ['trace.read'] },
    ],
  },
  {
    label: '追溯',
    entries: [
      { to: '/capture', label: '登记', icon: 'capture', need: ['trace.capture'] },
      { to: '/lots', label: '批次', icon: 'lot', need: ['trace.read'] },
      { to: '/ledgers/purchases', label: '进货查验', icon: 'purchase', need: ['trace.read'] },
      { to: '/ledgers/sales', label: '销售台账', icon: 'sale', need: ['trace.read'] },
      { to: '/events', label: '流转记录', icon: 'event', need: ['trace.read'] },
      { to: '/subscriptions', label: 'EPCIS 订阅', icon: 'out', need: ['trace.subscribe'] },
    ],
  },
  {
    label: '排查',
    entries: [
      { to: '/investigations', label: '问题食品排查', icon: 'graph', need: ['investigation.read'] },
      { to: '/suspicions', label: '疑似复制的码', icon: 'qr', need: ['publication.read'] },
    ],
  },
  {
    label: '管理',
    entries: [
      { to: '/users', label: '用户', icon: 'user', need: ['accounts.read'] },
      { to: '/posts', label: '岗位与机构', icon: 'post', need: ['accounts.read'] },
      { to: '/clerks', label: '本企业人员', icon: 'user', need: ['accounts.clerks'] },
      { to: '/keys', label: '程序密钥', icon: 'key', need: ['accounts.keys'] },
      { to: '/division-changes', label: '区划变更', icon: 'pin', need: ['parties.divisions'] },
      { to: '/calendar', label: '节假日历', icon: 'day', need: ['flow.calendar'] },
      { to: '/limits', label: '复制码判断限值', icon: 'scales', need: ['publication.limits'] },
      { to: '/audit', label: '审计日志', icon: 'audit', need: ['audit.read'] },
    ],
  },
]
