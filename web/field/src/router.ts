import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { session } from './store/session'

declare module 'vue-router' {
  interface RouteMeta {
    title: string
    /** Stands in the bar at the foot. */
    tab?: string
    /** The page fills the screen, without the bar at the foot. */
    full?: boolean
    open?: boolean
  }
}
const routes: RouteRecordRaw[] = [
  { path: '/sign-in', name: 'sign-in', component: () => import('./rooms/session/SignIn.vue'), meta: { title: '登录', full: true, open: true } },
  { path: '/', name: 'today', component: () => import('./rooms/today/TodayPage.vue'), meta: { title: '今日', tab: 'today' } },
  { path: '/scan', name: 'scan', component: () => import('./rooms/scan/ScanPage.vue'), meta: { title: '扫码', tab: 'scan' } },
  { path: '/parties/:id', name: 'dossier', component: () => import('./rooms/dossier/DossierPage.vue'), meta: { title: '主体' } },
  { path: '/visits/:id', name: 'visit', component: () => import('./rooms/visit/VisitPage.vue'), meta: { title: '检查', full: true } },
  { path: '/samples', name: 'samples', component: () => import('./rooms/sampling/SampleList.vue'), meta: { title: '抽样', tab: 'today' } },
  { path: '/samples/:id', name: 'sample', component: () => import('./rooms/sampling/SamplePage.vue'), meta: { title: '抽样', full: true } },
  { path: '/samples/:id/seal', name: 'seal', component: () => import('./rooms/sampling/SealPage.vue'), meta: { title: '共同签封', full: true } },
  { path: '/samples/:id/deliver', name: 'deliver', component: () => import('./rooms/sampling/DeliverPage.vue'), meta: { title: '签封与送样' } },
  { path: '/hand/:code', name: 'hand', component: () => import('./rooms/sampling/HandPage.vue'), meta: { title: '收样', full: true } },
  { path: '/rapid', name: 'rapid-points', component: () => import('./rooms/rapid/PointList.vue'), meta: { title: '快检', tab: 'today' } },
  { path: '/rapid/:id', name: 'rapid', component: () => import('./rooms/rapid/RapidPage.vue'), meta: { title: '快检', full: true } },
  { path: '/recalls', name: 'recalls', component: () => import('./rooms/recall/RecallList.vue'), meta: { title: '召回核查', tab: 'today' } },
  { path: '/watches/:id', name: 'watch', component: () => import('./rooms/recall/WatchPage.vue'), meta: { title: '处置见证', full: true } },
  { path: '/recalls/:id/:party', name: 'holding', component: () => import('./rooms/recall/HoldingPage.vue'), meta: { title: '召回核查', full: true } },
  { path: '/report/:id', name: 'report', component: () => import('./rooms/findings/ReportPage.vue'), meta: { title: '登记问题', full: true } },
  { path: '/checks', name: 'checks', component: () => import('./rooms/findings/CheckList.vue'), meta: { title: '待我复查', tab: 'checks' } },
  { path: '/checks/:id', name: 'check', component: () => import('./rooms/findings/CheckPage.vue'), meta: { title: '复查', full: true } },
  { path: '/answer/:code', name: 'answer', component: () => import('./rooms/answer/AnswerPage.vue'), meta: { title: '检查结果' } },
  { path: '/mend/:id', name: 'mend', component: () => import('./rooms/answer/MendPage.vue'), meta: { title: '提交整改', full: true } },
  { path: '/queue', name: 'queue', component: () => import('./rooms/queue/QueuePage.vue'), meta: { title: '上传队列', tab: 'queue' } },
  { path: '/queue/:id', name: 'record', component: () => import('./rooms/queue/RecordPage.vue'), meta: { title: '记录' } },
  { path: '/me', name: 'me', component: () => import('./rooms/session/MePage.vue'), meta: { title: '我的', tab: 'me' } },
  { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./shell/NotHere.vue'), meta: { title: '没有这个页面', open: true } },
]
export const router = createRouter({ history: createWebHistory('/field/'), routes, scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 } })

router.beforeEach((to) => {
  document.title = `${to.meta.title} · 食安现场`
  if (!session.me && !to.meta.open) return { name: 'sign-in', query: { back: to.fullPath } }
  if (session.me && to.name === 'sign-in' && !session.expired) return { name: 'today' }
  return true
})
// a file of a version that is gone: the page is taken from the server again
router.onError((_e, to) => {
  if (navigator.onLine && !sessionStorage.getItem('again')) {
    sessionStorage.setItem('again', '1')
    location.assign(to.fullPath.replace(/^\//, '/field/'))
  }
})
router.afterEach(() => sessionStorage.removeItem('again'))
