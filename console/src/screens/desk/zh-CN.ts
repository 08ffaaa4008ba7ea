export default {
  title: '工作台', queues: '队列', overdue: '超期 {n}', soon: '临期 {n}', filter: '筛选', filters: '筛选（{n}）', clear: '清除筛选', search: '搜索本队列',
  stage: '阶段', kind: '类别', area: '区域', unit: '单位', onlyOverdue: '只看超期', from: '上报自', to: '至', any: '不限',
  sort: '排序', sortDue: '按截止时间', sortNew: '最新上报', count: '{n} 件', countMore: '{n}+ 件', empty: '队列已清空', emptyHint: '有新案件时会自动出现。', emptyFilter: '没有符合条件的案件', emptyFilterHint: '试试放宽筛选。',
  signals: '{n} 条反映', list: '案件列表', supervised: '督办', noArea: '未定位',
  dutyOn: '上岗', dutyOff: '下岗', dutyOnHint: '开始值守，负责本区域的人员可以看到您的位置', dutyOffHint: '正在值守，点击结束并停止上报位置',
  place: {
    empty: '没有等待定位的反映', emptyHint: '不能自动定位的反映会出现在这里。', choose: '选择一条反映', chooseHint: '在地图上点击确定位置，再选类别。', hint: '点击地图确定位置，或搜索地点', submit: '确定位置', decline: '不予受理', reason: '不予受理的原因',
    kind: '类别（可不选，由系统识别）', decisions: '系统判断', opened: '已立为案件 {no}', joined: '已并入案件 {no}', declined: '已按不予受理处理', waiting: '仍在等待定位', at: '{lon}, {lat}',
  },
}
