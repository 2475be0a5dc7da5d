import './polyfill'
import './style/tokens.css'
import './style/base.css'
import './style/controls.css'
import './style/shapes.css'
import './style/print.css'
import { localeContextKey } from 'element-plus/es/hooks/use-locale/index.mjs'
import zhCn from 'element-plus/es/locale/lang/zh-cn.mjs'
import { createPinia } from 'pinia'
import { createApp, ref } from 'vue'
import App from './App.vue'
import { whenSignedOut } from './api'
import { useSession } from './kit/session'
import { complain } from './kit/toast'
import { router } from './router'

const app = createApp(App)
app.use(createPinia())
app.use(router)
app.provide(localeContextKey, ref(zhCn))
app.config.errorHandler = (e) => {
  console.error(e)
  complain(e)
}
whenSignedOut(() => {
  useSession().forget()
  const here = router.currentRoute.value
  if (here.name !== 'sign-in') void router.push({ name: 'sign-in', query: { back: here.fullPath } })
})
app.mount('#app')
