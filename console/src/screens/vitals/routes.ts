import { Odometer } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/vitals', name: 'vitals', component: () => import('./VitalsPage.vue'), meta: { title: 'vitals.title', anyOf: ['VITALS_READ'], nav: { order: 25, label: 'vitals.nav', icon: Odometer, phone: true } } },
  { path: '/vitals/:code', name: 'vital', component: () => import('./IndicatorPage.vue'), props: true, meta: { title: 'vitals.title', anyOf: ['VITALS_READ'] } },
]
export default routes
