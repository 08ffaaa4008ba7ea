import { Bell } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/warnings', name: 'warnings', component: () => import('./WarningsPage.vue'), meta: { title: 'warnings.title', anyOf: ['SENSING_READ'], nav: { order: 15, label: 'warnings.nav', icon: Bell, phone: true } } },
  { path: '/warnings/routes', name: 'warning-routes', component: () => import('./RoutesPage.vue'), meta: { title: 'warnings.routes.title', anyOf: ['SENSING_READ'] } },
  { path: '/warnings/notices', name: 'warning-notices', component: () => import('./NoticesPage.vue'), meta: { title: 'warnings.notices.title', anyOf: ['SENSING_READ'] } },
  { path: '/warnings/classes', name: 'camera-classes', component: () => import('./ClassesPage.vue'), meta: { title: 'warnings.classes.title', anyOf: ['SENSING_READ'] } },
  { path: '/warnings/hotspots', name: 'warning-hotspots', component: () => import('./HotSpotsPage.vue'), meta: { title: 'warnings.hot.title', anyOf: ['SENSING_READ'] } },
  { path: '/warnings/:id(\\d+)', name: 'warning', component: () => import('./WarningsPage.vue'), meta: { title: 'warnings.title', anyOf: ['SENSING_READ'] } },
]
export default routes
