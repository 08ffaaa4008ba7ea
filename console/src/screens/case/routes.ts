import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/cases/:id(\\d+)', name: 'case', component: () => import('./CasePage.vue'), meta: { title: 'case.title', anyOf: ['CASE_READ'] } },
]
export default routes
