import { Upload } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/import', name: 'import', component: () => import('./ImportPage.vue'), meta: { title: 'import.title', anyOf: ['PLACE_EDIT', 'BUILDING_EDIT'], nav: { order: 80, label: 'import.nav', icon: Upload } } },
]
export default routes
