import { Cpu } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/devices', name: 'devices', component: () => import('./DevicesPage.vue'),
    meta: { title: 'devices.title', anyOf: ['SENSING_READ'], nav: { order: 45, label: 'devices.nav', icon: Cpu } },
  },
  { path: '/device-types', name: 'device-types', component: () => import('./TypesPage.vue'), meta: { title: 'devices.types', anyOf: ['SENSING_READ'] } },
  { path: '/devices/:code', name: 'device', component: () => import('./DevicePage.vue'), meta: { title: 'devices.device', anyOf: ['SENSING_READ'] } },
]
export default routes
