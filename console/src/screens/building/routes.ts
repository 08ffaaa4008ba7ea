import { OfficeBuilding } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/buildings', name: 'buildings', component: () => import('./RegisterPage.vue'),
    meta: { title: 'building.register', anyOf: ['BUILDING_READ'], nav: { order: 50, label: 'building.nav', icon: OfficeBuilding } },
  },
  { path: '/buildings/:ident', name: 'building', component: () => import('./BuildingPage.vue'), meta: { title: 'building.title', anyOf: ['BUILDING_READ'] } },
]
export default routes
