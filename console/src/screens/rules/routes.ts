import { AlarmClock } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/rules', name: 'rules', component: () => import('./RulesPage.vue'), meta: { title: 'rules.title', anyOf: ['RULE_EDIT', 'DEVICE_EDIT'], nav: { order: 66, label: 'rules.nav', icon: AlarmClock } } },
  { path: '/rules/:rule', name: 'rule', component: () => import('./RulePage.vue'), meta: { title: 'rules.title', anyOf: ['RULE_EDIT', 'DEVICE_EDIT'] } },
]
export default routes
