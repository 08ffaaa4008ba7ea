// Words of the domain and of every screen. The Chinese terms are those of GB/T 30428.
export default {
  app: { name: '一网统管', },
  stage: {
    REPORTED: '上报', ACCEPTED: '受理', VERIFYING: '待核实', VERIFIED: '已核实', FILED: '立案', DISPATCHED: '派遣',
    RECEIVED: '已接收', DISPOSED: '处置完成', CHECKED: '核查通过', CLOSED: '结案', EVALUATED: '已评价',
    NOT_ACCEPTED: '不予受理', VOID: '作废',
  },
  action: {
    OPEN: '上报', IMPORT: '导入', ACCEPT: '受理', DECLINE: '不予受理', REQUEST_VERIFICATION: '发起核实', VERIFY: '核实',
    FILE: '立案', DISPATCH: '派遣', RECEIVE: '接收', RETURN: '退回', ASSIGN: '指派', DISPOSE: '处置完成', CHECK: '核查',
    CLOSE: '结案', EVALUATE: '评价', REQUEST_EXTENSION: '申请延期', DECIDE_EXTENSION: '审批延期', SUSPEND: '申请挂账',
    DECIDE_SUSPENSION: '审批挂账', RESUME: '恢复计时', SUPERVISE: '督办', URGE: '催办', VOID: '作废',
    REQUEST_FORCED_CLOSURE: '申请强制结案', DECIDE_FORCED_CLOSURE: '审批强制结案', REOPEN: '重新立案', CLASSIFY: '调整类别',
    RELOCATE: '调整位置', JOIN_SIGNAL: '并入反映', SPLIT: '拆分', MERGE: '合并', NOTE: '备注',
  },
  role: {
    COLLECTOR: '监督员', ACCEPTOR: '受理员', SHIFT_LEADER: '值班长', DISPATCHER: '派遣员', HANDLER: '处置人员', VERIFIER: '核查员',
    EVALUATOR: '考核员', LEADER: '领导', SYSTEM_ADMIN: '系统管理员', SECURITY_ADMIN: '安全管理员', AUDIT_ADMIN: '审计管理员',
  },
  queue: {
    place: '待定位', accept: '待受理', verify: '待核实', file: '待立案', dispatch: '待派遣', handle: '待处置', approve: '待审批',
    check: '待核查', close: '待结案', evaluate: '待评价', mine: '我上报的', overdue: '已超期', soon: '临期', all: '全部案件',
  },
  due: { OK: '正常', SOON: '临期', OVERDUE: '超期', PAUSED: '计时暂停', NONE: '无时限' },
  family: { COMPONENT: '部件', MATTER: '事件' },
  level: { CITY: '市', DISTRICT: '区县', STREET: '街道', COMMUNITY: '社区', UNIT_GRID: '单元网格' },
  unitKind: { CENTRE: '中心', DEPARTMENT: '委办局', STREET_OFFICE: '街道', COMMUNITY: '社区', ENTERPRISE: '企业' },
  stationing: { NONE: '不进驻', WHOLE: '整体进驻', REGULAR: '常态派驻', TEMPORARY: '临时派驻' },
  channel: {
    CONSOLE: '坐席登记', CITIZEN: '市民上报', PUBLIC: '市民上报', HOTLINE: '热线', OPEN311: 'Open311', IMPORT: '导入', COLLECTOR: '监督员',
    SENSOR: '物联感知', CAMERA: '视频识别', API: '系统接入', PARTNER: '部门转办', CSV: '导入', WEB: '网页上报',
  },
  urgency: { NORMAL: '一般', URGENT: '紧急' },
  result: { PASS: '通过', FAIL: '不通过', UNABLE: '无法核查', EXISTS: '属实', NOT_EXISTS: '不属实', '1': '1 分', '2': '2 分', '3': '3 分', '4': '4 分', '5': '5 分' },
  step: { accept: '接收', locate: '定位', recognise: '识别', match: '匹配' },
  place: { area: '区域', component: '部件', road: '道路', address: '地址' },
  ui: {
    save: '保存', cancel: '取消', close: '关闭', confirm: '确定', delete: '删除', add: '新增', search: '搜索',
    retry: '重试', more: '加载更多', loading: '正在加载…', none: '—', all: '全部', yes: '是', no: '否', back: '返回', submit: '提交',
    required: '必填', optional: '选填', download: '下载', import: '导入', export: '导出', reset: '重置', 
  },
  time: {
    minutes: '{n} 分钟', hours: '{n} 小时', days: '{n} 天', hoursMinutes: '{h} 小时 {m} 分', daysHours: '{d} 天 {h} 小时',
    left: '剩 {t}', over: '超 {t}', justNow: '刚刚', ago: '{t}前', working: '工作用时 {t}',
  },
  problem: {
    trace: '报障时请提供跟踪编号：', network: '无法连接服务器', networkDetail: '请检查网络，恢复后将自动重连。', http: '请求没有成功', console: '页面出错',
    httpDetail: '服务器返回 {status}。', forbidden: '没有权限', forbiddenDetail: '当前岗位不能查看此页面。',
  },
}
