import '@console/polyfill'
import '@console/style/tokens.css'
import './style/app.css'
import './style/lines.css'
import { createApp } from 'vue'
import App from './App.vue'
import { isBig, setBig } from './kit/care'
import { complain } from './kit/toast'
import { router } from './router'
import { attend } from './store/queue'
import { start } from './store/session'
import { serve } from './shell/update'
import './work/senders'
import './work/rapidSender'
import './work/recallSender'
import './work/watchSender'

const app = createApp(App)
app.config.errorHandler = (e) => {
  console.error(e)
  complain(e)
}
const mount = (): void => void app.use(router).mount('#app')

attend()
if (isBig()) setBig(true)
// what the phone keeps comes first; where nothing can be kept safely, the sign-in page says so
if (isSecureContext) void start().catch(complain).finally(mount)
else mount()
if (import.meta.env.PROD) serve()
