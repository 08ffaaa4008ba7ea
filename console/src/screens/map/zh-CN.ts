export default {
  title: '地图', layers: '图层', legend: '图例', cases: '在办案件', components: '部件', areas: '区域边界', buildings: '建筑', componentsHint: '放大后显示', cluster: '聚合，数字为案件数',
  fileHere: '在此登记', open: '打开案件', locating: '正在定位…', total: '在办 {n} 件', truncated: '仅显示前 {n} 件，请放大', component: '部件', outside: '不在本市范围内', hide: '收起', show: '展开图层与图例',
}
