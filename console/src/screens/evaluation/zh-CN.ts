export default {
  nav: '考核', title: '考核评价', export: '导出 XLSX', score: '综合得分', grade: '等级', ranking: '排名', trend: '趋势', which: '图表指标', base: '应办数（分母）', table: '评价表，可横向滚动', definitions: '指标定义',
  earlier: '上一期', later: '下一期', date: '日期', everywhere: '全部区域', empty: '本期没有可评价的对象', emptyHint: '换一个时段或区域试试。', nothing: '本期没有数据',
  noTrend: '数据不足，无法显示趋势', noTrendHint: '至少两期有数据时显示。', cases: '{n} 件', noCases: '没有案件',
  object: { label: '评价对象', area: '区域', unit: '部门', position: '岗位' },
  period: { label: '评价周期', day: '日', week: '周', month: '月', quarter: '季', year: '年' },
  counter: {
    reported: '上报数', effectivelyReported: '有效上报数', collectorEffectivelyReported: '监督员有效上报数', missed: '漏报数', accepted: '受理数', acceptedAndFiled: '受理立案数', filed: '立案数', filedOnTime: '按时立案数',
    dispatched: '派遣数', dispatchedAccurately: '准确派遣数', dispatchedOnTime: '按时派遣数', disposalDue: '应处置数', disposed: '处置数', disposedOnTime: '按期处置数', disposedLate: '超期处置数', overdue: '超期未处置数',
    reworked: '返工数', extended: '延期数', suspended: '挂账数', checkDue: '应核查数', checked: '核查数', checkedOnTime: '按时核查数', closureDue: '应结案数', closed: '结案数', closedOnTime: '按期结案数', closedLate: '超期结案数', notClosed: '应结未结数',
    rated: '评价数', satisfied: '满意数',
  },
  ratio: {
    filingRate: '立案率', onTimeFilingRate: '按时立案率', onTimeDispatchRate: '按时派遣率', accurateDispatchRate: '准确派遣率', disposalRate: '处置率', onTimeDisposalRate: '按期处置率', reworkRate: '返工率',
    onTimeCheckRate: '按时核查率', closureRate: '结案率', onTimeClosureRate: '按期结案率', effectiveReportRate: '有效上报率', missedReportRate: '漏报率', satisfactionRate: '满意率',
  },
  scored: '各比率按权重加权的 0–100 分；分母为 0 的比率不计入。等级：A ≥ 90，B ≥ 80，C ≥ 70，D ≥ 60，其余为 E。', total: '合计', system: '系统（自动）', noUnit: '尚无单位', lowerIsBetter: '越低越好',
}
