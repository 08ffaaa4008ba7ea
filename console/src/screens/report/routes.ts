import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/report', name: 'report', component: () => import('./ReportPage.vue'), meta: { public: true, title: 'report.title' } },
  { path: '/report/:code', name: 'report-follow', component: () => import('./FollowPage.vue'), meta: { public: true, title: 'report.mine' } },
]
export default routes
