export default {
  title: '在岗值守', nav: '值守', own: '我的在岗', on: '在岗', off: '未上岗', start: '上岗', end: '下岗', since: '{t} 起', area: '值守区域',
  sharing: { no: '未共享位置', waiting: '正在定位…', yes: '正在共享位置，每 30 秒一次', refused: '浏览器未允许定位。请在浏览器设置中允许本站使用位置。', impossible: '此连接不能定位，需通过 HTTPS 打开。' },
  privacy: '仅在岗且本页打开时共享位置，供指挥人员就近派单；下岗即停止。', reported: '最近上报 {t}', near: '精度 {n} 米',
  present: '在岗人员', presentN: '{n} 人', none: '现在没有人在岗', noneHint: '人员上岗后会出现在这里。', noPlace: '未共享位置', old: '位置已过时', search: '姓名、单位或区域', noMatch: '没有符合的人员', show: '在地图上定位',
  way: '轨迹', wayTitle: '查看 {name} 的轨迹', wayShown: '{name} 的轨迹：{n} 个位置，{from} 至 {to}', wayNone: '{name} 没有位置记录', wayClose: '关闭轨迹',
  plan: '排班', planNone: '当天没有排班', missing: '应到未到', here: '已到岗', later: '未开始', over: '已结束',
  day: '日期', before: '前一天', after: '后一天', today: '今天', add: '排班', cancel: '取消班次', cancelAsk: '取消 {name} {from} 至 {to} 的班次？',
  form: {
    title: '排班', area: '值守区域', unit: '单位', unitFirst: '先选择单位', person: '人员', first: '起始日期', last: '截止日期', begin: '上岗时间', end: '下岗时间', nextDay: '次日下岗', week: '每周哪几天', note: '备注',
    weekday: { 0: '周日', 1: '周一', 2: '周二', 3: '周三', 4: '周四', 5: '周五', 6: '周六' }, order: '截止日期不能早于起始日期', tooMany: '一次最多排 {n} 天', save: '保存班次', saveN: '保存 {n} 个班次',
  },
}
