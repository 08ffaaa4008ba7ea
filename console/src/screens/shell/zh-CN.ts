export default {
  skip: '跳到内容', rail: '主导航', missing: '没有这个页面', missingHint: '地址可能已经变化。', home: '回到首页',
  search: '搜索案件编号、内容、地址', live: '实时', liveOff: '实时连接中断，正在重连',
  offline: '网络中断：显示的内容可能不是最新，恢复后自动刷新。',
  toEnglish: '切换到英文', toChinese: '切换到中文', dark: '深色', light: '浅色', theme: '切换深浅色',
  positions: '切换岗位', password: '修改密码', logOut: '退出登录', keys: '键盘快捷键', menu: '个人菜单', more: '更多',
  queueCount: '{name}：{count} 件，超期 {overdue} 件',
  key: {
    move: '下一条 / 上一条', open: '打开', search: '搜索', primary: '执行当前主要操作', action: '按序号选择操作', close: '关闭 / 返回',
    keys: '显示快捷键', desk: '工作台', map: '地图', file: '登记',
  },
}
