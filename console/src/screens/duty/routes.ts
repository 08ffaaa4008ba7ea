import { User } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/duty', name: 'duty', component: () => import('./DutyPage.vue'), meta: { title: 'duty.title', anyOf: ['CASE_WORK', 'DUTY_READ'], nav: { order: 35, label: 'duty.nav', icon: User, phone: true } } },
]
export default routes
