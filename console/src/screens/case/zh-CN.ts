export default {
  title: '案件', choose: '选择一个案件', chooseHint: '用 j / k 移动，Enter 打开整页。', progress: '办理进度', openPage: '整页打开', back: '返回工作台', copy: '复制编号', copied: '已复制',
  urgent: '紧急', supervised: '督办', suspended: '挂账', rework: '返工 {n} 次', returned: '退回 {n} 次',
  kind: '类别', area: '区域', address: '地址', lead: '主办单位', assist: '协办单位', assignee: '承办人', reportedAt: '上报时间', dueAt: '截止', component: '部件编号', channel: '来源', grid: '位置码',
  noKind: '未定类别', noPlace: '没有位置', description: '描述', place: '位置', evidence: '照片', onMap: '在地图上查看',
  signals: '反映（{n}）', signalWhy: '并入原因：', firstSignal: '首次反映', split: '拆分为新案件', splitHint: '选中的 {n} 条反映将拆出，成为一个新案件。', splitDone: '已拆分为新案件。', select: '选择此反映',
  reveal: '查看反映人', reporter: { name: '姓名', phone: '电话', email: '电子邮箱', identityNumber: '身份证号' },
  steps: '办理过程', receipt: '存证', receiptHint: '下载此步骤的存证回执，可用 ./citywide ledger verify 独立核验', late: '超时', system: '系统', actions: '当前可办', noActions: '当前岗位对此案件没有可办事项', more: '更多操作', pendingTitle: '待审批', asks: '{name} {action}', disabledWhy: '不能执行：{why}',
  changed: '{by} 已于 {at} 执行“{action}”，案件现为“{stage}”。已刷新，请重新确认。', changedPlain: '案件已被他人更新，已刷新，请重新确认。', done: '{action}：已完成', 
  suggestion: '派遣建议', suggestionWhy: '理由：', alternatives: '其他单位：', use: '采用', noSuggestion: '没有适用的派遣规则，请选择单位。',
  choosePlace: '在地图上点击选择位置', chosenPlace: '已选位置 {lon}, {lat}', 
  field: {
    opinion: '意见', reason: '原因', text: '说明', kindId: '类别', leadUnitId: '主办单位', assistUnitIds: '协办单位', assigneeId: '承办人', result: '结果', minutes: '时长',
    approve: '是否同意', media: '照片', point: '位置', urgency: '紧急程度', address: '地址', requestId: '申请', otherId: '目标案件编号', note: '备注', title: '标题', 
  },
  approveYes: '同意', approveNo: '不同意', minutesHint: '工作时间，分钟', hours: '{n} 小时',
  phase: { report: '上报', accept: '受理', file: '立案', dispatch: '派遣', handle: '处置', check: '核查', close: '结案' },
  detail: { minutes: '时长', result: '结果', leadUnit: '主办单位', why: '理由', reason: '原因', approve: '审批', caseNo: '案件', signalId: '反映', kindId: '类别' },
}
