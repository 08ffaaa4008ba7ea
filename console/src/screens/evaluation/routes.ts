import { TrendCharts } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/evaluation', name: 'evaluation', component: () => import('./EvaluationPage.vue'),
    meta: { title: 'evaluation.title', anyOf: ['EVALUATION_READ'], nav: { order: 40, label: 'evaluation.nav', icon: TrendCharts } },
  },
]
export default routes
