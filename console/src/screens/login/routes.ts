import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: () => import('./LoginPage.vue'), meta: { public: true, title: 'login.title' } },
  { path: '/password', name: 'password', component: () => import('./PasswordPage.vue'), meta: { title: 'login.changePassword' } },
]
export default routes
