import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('./HomeRedirect.vue') },
  { path: '/forbidden', name: 'forbidden', component: () => import('./ForbiddenPage.vue'), meta: { title: 'problem.forbidden' } },
  { path: '/unreachable', name: 'unreachable', component: () => import('./UnreachablePage.vue'), meta: { public: true, title: 'problem.network' } },
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./MissingPage.vue'), meta: { title: 'shell.missing' } },
]
export default routes
