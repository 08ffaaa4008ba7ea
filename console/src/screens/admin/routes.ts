import { Setting } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'
import { SECTIONS } from './sections'

const pages: Record<string, RouteRecordRaw['component']> = {
  people: () => import('./PeoplePage.vue'),
  units: () => import('./UnitsPage.vue'),
  matrix: () => import('./MatrixPage.vue'),
  calendar: () => import('./CalendarPage.vue'),
  limits: () => import('./LimitsPage.vue'),
  kinds: () => import('./KindsPage.vue'),
  areas: () => import('./AreasPage.vue'),
  keys: () => import('./KeysPage.vue'),
  approvals: () => import('./ApprovalsPage.vue'),
  log: () => import('./LogPage.vue'),
  ledger: () => import('./LedgerPage.vue'),
}
const all = [...new Set(SECTIONS.flatMap((each) => each.anyOf))]

const routes: RouteRecordRaw[] = [
  {
    path: '/admin', component: () => import('./AdminPage.vue'),
    meta: { title: 'admin.title', anyOf: all, nav: { order: 90, label: 'admin.nav', icon: Setting, phone: true } },
    children: [
      { path: '', name: 'admin', component: () => import('./FirstSection.vue') },
      ...SECTIONS.map((each) => ({ path: each.name, name: `admin-${each.name}`, component: pages[each.name]!, meta: { title: `admin.section.${each.name}`, anyOf: each.anyOf } })),
    ],
  },
]
export default routes
