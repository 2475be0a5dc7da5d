import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { useSession } from './kit/session'

const routes: RouteRecordRaw[] = [
  { path: '/sign-in', name: 'sign-in', component: () => import('./rooms/session/SignIn.vue'), meta: { bare: true, title: '登录' } },
  { path: '/', component: () => import('./rooms/home/HomePage.vue'), meta: { title: '首页' } },
  { path: '/jobs', component: () => import('./rooms/jobs/JobList.vue'), meta: { title: '任务' } },
  { path: '/jobs/:id', component: () => import('./rooms/jobs/JobPage.vue'), meta: { title: '任务' } },
  { path: '/account', component: () => import('./rooms/accounts/MyAccount.vue'), meta: { title: '账号与安全' } },

  { path: '/parties', component: () => import('./rooms/parties/PartyList.vue'), meta: { title: '主体名录' } },
  { path: '/parties/new', component: () => import('./rooms/parties/PartyEdit.vue'), meta: { title: '新建主体' } },
  { path: '/parties/import', component: () => import('./rooms/parties/PartyImport.vue'), meta: { title: '导入主体' } },
  { path: '/parties/:id', component: () => import('./rooms/parties/PartyDossier.vue'), meta: { title: '主体档案' } },
  { path: '/parties/:id/edit', component: () => import('./rooms/parties/PartyEdit.vue'), meta: { title: '修改主体' } },

  { path: '/parties/:id/merge', component: () => import('./rooms/parties/PartyMerge.vue'), meta: { title: '合并重复主体' } },

  { path: '/division-changes', component: () => import('./rooms/parties/DivisionChanges.vue'), meta: { title: '区划变更' } },

  { path: '/products', component: () => import('./rooms/products/ProductList.vue'), meta: { title: '产品' } },
  { path: '/products/new', component: () => import('./rooms/products/ProductEdit.vue'), meta: { title: '新建产品' } },
  { path: '/products/import', component: () => import('./rooms/products/ProductImport.vue'), meta: { title: '导入产品' } },
  { path: '/products/:id', component: () => import('./rooms/products/ProductPage.vue'), meta: { title: '产品' } },
  { path: '/products/:id/edit', component: () => import('./rooms/products/ProductEdit.vue'), meta: { title: '修改产品' } },

  { path: '/lots', component: () => import('./rooms/lots/LotList.vue'), meta: { title: '批次' } },
  { path: '/lots/:no', component: () => import('./rooms/lots/LotPage.vue'), meta: { title: '批次' } },
  { path: '/events', component: () => import('./rooms/ledgers/EventList.vue'), meta: { title: '流转记录' } },
  { path: '/ledgers/purchases', component: () => import('./rooms/ledgers/PurchaseLedger.vue'), meta: { title: '进货查验' } },
  { path: '/ledgers/sales', component: () => import('./rooms/ledgers/SalesLedger.vue'), meta: { title: '销售台账' } },

  { path: '/capture', component: () => import('./rooms/capture/CaptureHome.vue'), meta: { title: '登记' } },
  { path: '/capture/produce', component: () => import('./rooms/capture/ProduceForm.vue'), meta: { title: '生产登记' } },
  { path: '/capture/receive', component: () => import('./rooms/capture/ReceiveForm.vue'), meta: { title: '收货查验' } },
  { path: '/capture/intake', component: () => import('./rooms/capture/IntakeForm.vue'), meta: { title: '平台外进货' } },
  { path: '/capture/:kind(ship|return|sell|loss|stocktake)', component: () => import('./rooms/capture/StockForm.vue'), meta: { title: '登记' } },
  { path: '/capture/import', component: () => import('./rooms/capture/MoveImport.vue'), meta: { title: '表格导入' } },

  { path: '/investigations', component: () => import('./rooms/investigation/CaseList.vue'), meta: { title: '问题食品排查' } },
  { path: '/investigations/new', component: () => import('./rooms/investigation/CaseNew.vue'), meta: { title: '新建排查' } },
  { path: '/investigations/scopes', component: () => import('./rooms/investigation/ScopeList.vue'), meta: { title: '固定范围' } },
  { path: '/investigations/networks', component: () => import('./rooms/investigation/NetworkImport.vue'), meta: { title: '导入溯源网络' } },
  { path: '/investigations/:id', component: () => import('./rooms/investigation/WorkBench.vue'), meta: { title: '排查工作台' } },

  { path: '/todo', component: () => import('./rooms/cases/TodoList.vue'), meta: { title: '待办' } },
  { path: '/notices', component: () => import('./rooms/notices/NoticeList.vue'), meta: { title: '消息' } },
  { path: '/flows', component: () => import('./rooms/cases/FlowList.vue'), meta: { title: '流程图' } },
  { path: '/findings', component: () => import('./rooms/findings/FindingList.vue'), meta: { title: '问题' } },
  { path: '/findings/new', component: () => import('./rooms/findings/FindingNew.vue'), meta: { title: '登记问题' } },
  { path: '/findings/rates', component: () => import('./rooms/findings/RateList.vue'), meta: { title: '问题闭环率' } },
  // the address on the record, for the phone of the business
  { path: '/findings/code/:code', component: () => import('./rooms/findings/MendPage.vue'), meta: { title: '整改答复' } },
  { path: '/mend', component: () => import('./rooms/findings/MendPage.vue'), meta: { title: '整改答复' } },
  { path: '/visits', component: () => import('./rooms/inspection/VisitList.vue'), meta: { title: '监督检查' } },
  { path: '/visits/new', component: () => import('./rooms/inspection/VisitNew.vue'), meta: { title: '安排检查' } },
  { path: '/visits/:id', component: () => import('./rooms/inspection/VisitPage.vue'), meta: { title: '监督检查' } },
  { path: '/checklists', component: () => import('./rooms/inspection/ChecklistPage.vue'), meta: { title: '检查要点表' } },
  { path: '/draws', component: () => import('./rooms/inspection/DrawList.vue'), meta: { title: '双随机抽取' } },
  { path: '/draws/:id', component: () => import('./rooms/inspection/DrawPage.vue'), meta: { title: '双随机抽取' } },
  { path: '/inspection-plans', component: () => import('./rooms/inspection/PlanPage.vue'), meta: { title: '年度监督检查计划' } },
  { path: '/sample-draws', component: () => import('./rooms/sampling/SampleDrawList.vue'), meta: { title: '随机抽样' } },
  { path: '/sample-draws/:id', component: () => import('./rooms/sampling/SampleDrawPage.vue'), meta: { title: '随机抽样' } },
  { path: '/campaigns', component: () => import('./rooms/campaigns/CampaignList.vue'), meta: { title: '你点我检' } },
  { path: '/campaigns/new', component: () => import('./rooms/campaigns/CampaignEdit.vue'), meta: { title: '策划活动' } },
  { path: '/campaigns/:id', component: () => import('./rooms/campaigns/CampaignPage.vue'), meta: { title: '你点我检' } },
  { path: '/campaigns/:id/edit', component: () => import('./rooms/campaigns/CampaignEdit.vue'), meta: { title: '修改活动' } },
  { path: '/recalls', component: () => import('./rooms/recall/RecallList.vue'), meta: { title: '召回' } },
  { path: '/recalls/new', component: () => import('./rooms/recall/RecallNew.vue'), meta: { title: '发起召回' } },
  { path: '/recalls/:id', component: () => import('./rooms/recall/RecallPage.vue'), meta: { title: '召回' } },
  { path: '/recall-visits', component: () => import('./rooms/recall/VisitList.vue'), meta: { title: '辖区召回核查' } },
  { path: '/recall-visits/:id', component: () => import('./rooms/recall/VisitList.vue'), meta: { title: '辖区召回核查' } },
  { path: '/recall-drills', component: () => import('./rooms/recall/DrillPage.vue'), meta: { title: '模拟召回' } },
  { path: '/my-recalls', component: () => import('./rooms/recall/MyRecalls.vue'), meta: { title: '召回填报' } },
  { path: '/my-recalls/:id', component: () => import('./rooms/recall/HoldPage.vue'), meta: { title: '召回填报' } },
  { path: '/sample-targets', component: () => import('./rooms/sampling/TargetList.vue'), meta: { title: '靶向抽检建议' } },
  { path: '/sample-targets/:id', component: () => import('./rooms/sampling/TargetPage.vue'), meta: { title: '靶向抽检建议' } },
  { path: '/sample-map', component: () => import('./rooms/sampling/MarkPage.vue'), meta: { title: '公示不合格地图' } },
  // for everybody: published results only
  { path: '/open-map', name: 'open-map', component: () => import('./rooms/sampling/MarkPage.vue'), meta: { bare: true, title: '公示不合格地图' } },
  { path: '/publication', component: () => import('./rooms/publication/ScheduleList.vue'), meta: { title: '公示安排' } },
  { path: '/recusals', component: () => import('./rooms/inspection/RecusalList.vue'), meta: { title: '检查回避' } },
  { path: '/calendar', component: () => import('./rooms/calendar/CalendarPage.vue'), meta: { title: '节假日历' } },
  { path: '/feedback', component: () => import('./rooms/feedback/FeedbackList.vue'), meta: { title: '反馈周报' } },
  { path: '/feedback/:id', component: () => import('./rooms/feedback/FeedbackPage.vue'), meta: { title: '反馈周报' } },
  { path: '/members', component: () => import('./rooms/parties/MemberList.vue'), meta: { title: '市场、连锁、平台的成员' } },
  { path: '/members/import', component: () => import('./rooms/parties/MemberImport.vue'), meta: { title: '导入成员' } },
  { path: '/samples', component: () => import('./rooms/sampling/SampleList.vue'), meta: { title: '抽样检验' } },
  { path: '/samples/new', component: () => import('./rooms/sampling/TaskNew.vue'), meta: { title: '派发抽样任务' } },
  { path: '/samples/:id', component: () => import('./rooms/sampling/SamplePage.vue'), meta: { title: '样品' } },
  { path: '/sample-plans', component: () => import('./rooms/sampling/PlanList.vue'), meta: { title: '抽检计划' } },
  { path: '/sample-plans/new', component: () => import('./rooms/sampling/PlanNew.vue'), meta: { title: '制定抽检计划' } },
  { path: '/sample-plans/:id', component: () => import('./rooms/sampling/PlanPage.vue'), meta: { title: '抽检计划' } },
  { path: '/assays', component: () => import('./rooms/sampling/AssayList.vue'), meta: { title: '检验任务' } },
  { path: '/assays/readings', component: () => import('./rooms/sampling/AssayRuns.vue'), meta: { title: '仪器读数' } },
  { path: '/assays/:blind', component: () => import('./rooms/sampling/AssayPage.vue'), meta: { title: '盲样' } },
  { path: '/labs', component: () => import('./rooms/sampling/LabList.vue'), meta: { title: '检验机构' } },
  { path: '/labs/:id', component: () => import('./rooms/sampling/LabPage.vue'), meta: { title: '检验机构' } },
  { path: '/sample-limits', component: () => import('./rooms/sampling/LimitList.vue'), meta: { title: '限量' } },
  { path: '/published-samples', component: () => import('./rooms/sampling/PublishedList.vue'), meta: { title: '公布信息' } },
  { path: '/own-samples', component: () => import('./rooms/sampling/OwnSamples.vue'), meta: { title: '被抽样品' } },
  { path: '/my-cases', component: () => import('./rooms/enforcement/MyCases.vue'), meta: { title: '本单位的案件' } },
  { path: '/my-cases/:id', component: () => import('./rooms/enforcement/MyCasePage.vue'), meta: { title: '本单位的案件' } },
  { path: '/rapid', component: () => import('./rooms/rapid/RapidList.vue'), meta: { title: '快检' } },
  { path: '/rapid/new', component: () => import('./rooms/rapid/RapidNew.vue'), meta: { title: '登记快检' } },
  { path: '/rapid/import', component: () => import('./rooms/rapid/RapidImport.vue'), meta: { title: '导入快检记录' } },
  { path: '/rapid/positives', component: () => import('./rooms/rapid/PositiveList.vue'), meta: { title: '快检阳性处置' } },
  { path: '/rapid/figures', component: () => import('./rooms/rapid/RapidFigures.vue'), meta: { title: '快检统计' } },
  { path: '/rapid/points', component: () => import('./rooms/rapid/PointList.vue'), meta: { title: '快检点与设备' } },
  { path: '/rapid/points/:id', component: () => import('./rooms/rapid/PointPage.vue'), meta: { title: '快检点' } },
  { path: '/rapid/:kind(tests|positives)/:id', component: () => import('./rooms/rapid/TestPage.vue'), meta: { title: '快检记录' } },
  { path: '/enforcement', component: () => import('./rooms/enforcement/EnforcementList.vue'), meta: { title: '案件' } },
  { path: '/enforcement/new', component: () => import('./rooms/enforcement/EnforcementNew.vue'), meta: { title: '登记线索' } },
  { path: '/enforcement/:id', redirect: (to) => `/cases/${String(to.params.id)}` },

  { path: '/cases/:id', component: () => import('./rooms/cases/CasePage.vue'), meta: { title: '案卷' } },

  { path: '/permits', component: () => import('./rooms/licensing/PermitList.vue'), meta: { title: '许可备案' } },
  { path: '/permits/new', component: () => import('./rooms/licensing/MatterPick.vue'), meta: { title: '申请许可备案' } },
  { path: '/permits/apply', component: () => import('./rooms/licensing/ApplyForm.vue'), meta: { title: '填写申请' } },
  { path: '/permits/:id/survey', component: () => import('./rooms/licensing/SurveyPage.vue'), meta: { title: '远程核查拍照' } },
  { path: '/permits/:id', component: () => import('./rooms/licensing/PermitPage.vue'), meta: { title: '申请' } },
  { path: '/licences', component: () => import('./rooms/licensing/LicenceList.vue'), meta: { title: '证照' } },
  { path: '/licences/:id', component: () => import('./rooms/licensing/LicencePage.vue'), meta: { title: '证照' } },
  { path: '/mandates', component: () => import('./rooms/licensing/MandateList.vue'), meta: { title: '委托代办' } },
  { path: '/bans', component: () => import('./rooms/licensing/BanList.vue'), meta: { title: '禁业名单' } },

  { path: '/risk', component: () => import('./rooms/credit/RiskList.vue'), meta: { title: '风险与信用分级' } },
  { path: '/risk/rules', component: () => import('./rooms/credit/RuleTable.vue'), meta: { title: '风险分级规则' } },
  { path: '/risk/adjustments', component: () => import('./rooms/credit/AdjustmentList.vue'), meta: { title: '待审核的等级调整' } },
  { path: '/risk/:id', component: () => import('./rooms/credit/RiskPage.vue'), meta: { title: '风险与信用' } },
  { path: '/credit/lists', component: () => import('./rooms/credit/CreditLists.vue'), meta: { title: '信用名单' } },
  { path: '/statistics', component: () => import('./rooms/statistics/StatisticsPage.vue'), meta: { title: '统计分析' } },
  { path: '/statistics/cases', component: () => import('./rooms/statistics/CaseList.vue'), meta: { title: '数字背后的案卷' } },
  { path: '/sample-statistics', component: () => import('./rooms/statistics/SamplePage.vue'), meta: { title: '抽检统计' } },
  { path: '/sample-statistics/samples', component: () => import('./rooms/statistics/SampleList.vue'), meta: { title: '抽检统计：样品' } },
  { path: '/reports', component: () => import('./rooms/statistics/ReportList.vue'), meta: { title: '统计报表' } },
  { path: '/reports/:id', component: () => import('./rooms/statistics/ReportPage.vue'), meta: { title: '统计报表' } },
  { path: '/credit/measures', component: () => import('./rooms/credit/MeasureList.vue'), meta: { title: '激励与惩戒' } },
  { path: '/credit/platforms', component: () => import('./rooms/credit/PlatformList.vue'), meta: { title: '平台推送' } },

  { path: '/suspicions', component: () => import('./rooms/codes/SuspicionList.vue'), meta: { title: '疑似复制的码' } },
  { path: '/limits', component: () => import('./rooms/codes/LimitPage.vue'), meta: { title: '复制码判断限值' } },
  { path: '/subscriptions', component: () => import('./rooms/epcis/SubscriptionList.vue'), meta: { title: 'EPCIS 订阅' } },

  { path: '/users', component: () => import('./rooms/accounts/UserList.vue'), meta: { title: '用户' } },
  { path: '/posts', component: () => import('./rooms/accounts/PostList.vue'), meta: { title: '岗位与机构' } },
  { path: '/keys', component: () => import('./rooms/accounts/KeyList.vue'), meta: { title: '程序密钥' } },
  { path: '/clerks', component: () => import('./rooms/accounts/ClerkList.vue'), meta: { title: '本企业人员' } },
  { path: '/audit', component: () => import('./rooms/audit/AuditLog.vue'), meta: { title: '审计日志' } },

  { path: '/:rest(.*)*', component: () => import('./rooms/home/NotHere.vue'), meta: { title: '没有这一页' } },
]

export const router = createRouter({
  history: createWebHistory('/console/'),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (to.name === 'sign-in' || to.name === 'open-map') return true
  const me = await session.load()
  if (!me) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { back: to.fullPath } }
  // a new password or second factor is due before anything else
  return me.due && to.path !== '/account' ? '/account' : true
})
router.afterEach((to, from) => {
  document.title = `${String(to.meta.title ?? '')} · 食安工作台`
  if (to.path !== from.path) document.getElementById('main')?.focus({ preventScroll: true })
})
