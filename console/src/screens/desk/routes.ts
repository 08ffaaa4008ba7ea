import { List } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/desk', name: 'desk', component: () => import('./DeskPage.vue'),
    meta: { title: 'desk.title', anyOf: ['CASE_READ'], nav: { order: 10, label: 'desk.title', icon: List, phone: true } },
  },
]
export default routes
