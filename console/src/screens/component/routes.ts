import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/components/:ident', name: 'component', component: () => import('./ComponentPage.vue'), meta: { title: 'component.title', anyOf: ['PLACE_READ'] } },
]
export default routes
