import { EditPen } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/file', name: 'file', component: () => import('./FilePage.vue'),
    meta: { title: 'file.title', anyOf: ['SIGNAL_REPORT'], nav: { order: 30, label: 'file.nav', icon: EditPen, phone: true } },
  },
]
export default routes
