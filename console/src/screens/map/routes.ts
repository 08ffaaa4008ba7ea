import { MapLocation } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/map', name: 'map', component: () => import('./MapPage.vue'),
    meta: { title: 'map.title', anyOf: ['CASE_READ'], nav: { order: 20, label: 'map.title', icon: MapLocation, phone: true } },
  },
]
export default routes
