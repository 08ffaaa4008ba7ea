import { createApp } from 'vue'
import { createPinia } from 'pinia'
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/el-message.css'
import 'element-plus/theme-chalk/el-message-box.css'
import 'element-plus/theme-chalk/el-overlay.css'
import './design/tokens.css'
import './design/base.css'
import App from './App.vue'
import { configureClient } from './api/client'
import { makeI18n } from './i18n'
import { useLive } from './live/useLive'
import { useSession } from './resources/useSession'
import { applyTheme } from './design/theme'
import { makeRouter } from './router'

applyTheme()
const i18n = makeI18n()
const router = makeRouter()
const app = createApp(App).use(createPinia()).use(i18n).use(router)

const session = useSession()
const live = useLive()
configureClient({
  locale: () => (i18n.global.locale as unknown as { value: string }).value,
  onReachable: (reachable) => (live.unreachable = !reachable),
  onUnauthenticated: () => {
    const known = session.me !== undefined
    session.expire()
    const here = router.currentRoute.value
    if (known && !here.meta.public) void router.push({ name: 'login', query: { back: here.fullPath } })
  },
})

app.mount('#app')
