import { DataBoard } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/cockpit', name: 'cockpit', component: () => import('./CockpitPage.vue'),
    meta: { title: 'cockpit.title', anyOf: ['CASE_READ'], homeOf: ['LEADER'], nav: { order: 20, label: 'cockpit.nav', icon: DataBoard, phone: true } },
  },
  // The address of the map before it became the cockpit; links to it go on working.
  { path: '/map', redirect: (to) => ({ path: '/cockpit', query: to.query }) },
]
export default routes
