export default {
  title: '预警处置', nav: '预警', to: { hot: '报警热点', routes: '预警路由', classes: '识别类别', notices: '提醒方式' }, live: '生效中', past: '已解除', situations: '态势', open: '待签收', all: '全部', anyArea: '全部区域', anyGrade: '不限等级', gradeFrom: '{g}及以上',
  none: '当前没有生效的预警', noneHint: '规则、断供和视频识别产生的预警会出现在这里，最严重的在最前。', nonePast: '没有符合条件的预警', noSituation: '没有多类预警集中的地点',
  noSituationHint: '同一地点、同一时段有两类以上规则预警时，会合并为一个态势。', since: '{t} 起', lasted: '历时 {t}', acknowledged: '{name} 已签收', waits: '待签收', waitsUntil: '{t}内未签收将上报上级', passed: '已到上报时限',
  alarms: '{n} 次报警', unit: '责任单位', told: '已通知', place: '位置', rule: '规则', origin: { WATCH: '监测规则', SILENCE: '断供', CAMERA: '视频识别' }, version: '第 {n} 版', onMap: '在地图上查看', caseOf: '案件', caseComing: '正在转为案件…',
  acknowledge: '签收', end: '解除', note: '批注', publish: '对外公开', withdraw: '取消公开', isPublic: '已对外公开', reason: '理由', reasonEnd: '现场情况和解除理由', verdictLabel: '研判结论', noteText: '批注内容', noteOptional: '处理安排（选填）',
  verdict: { REAL: '真实', FALSE: '误报', MAINTENANCE: '检修' },
  history: '经过', act: { RAISED: '发布', ESCALATED: '升级', LOWERED: '降级', ENDED: '解除', ACKNOWLEDGED: '签收', NOTED: '批注', PUBLISHED: '对外公开', WITHDRAWN: '取消公开', PASSED_UP: '上报上级' },
  server: '系统', values: '监测值', course: '等级变化', deliveries: '通知情况', deliveryNone: '尚未通知任何人', atLevel: '{level}级', way: { INBOX: '站内', EMAIL: '邮件', WEBHOOK: '网络回调', PUSH: '浏览器推送' },
  state: { WAITING: '发送中', SENT: '已送达', FAILED: '未送达', OVERTAKEN: '已被后续消息取代' }, signed: '已签收', attempts: '第 {n} 次', cap: '预警报文', pictures: '识别画面', clear: '已消除', choose: '从左侧选择一条预警', chooseHint: 'j、k 上下移动，a 签收，e 解除。', back: '返回列表',
  done: { acknowledge: '已签收', end: '已解除', note: '已批注', publish: '已对外公开', withdraw: '已取消公开' },
  told1: '{grade}预警：{name}', more: '加载更多', further: '另有 {n} 条', key: { acknowledge: '签收预警', end: '解除预警' },
  routes: {
    title: '预警路由', hint: '预警先通知离现场最近的一级；规定时间内无人签收，逐级通知社区、街道、区县、城市。没有路由的级别，通知责任单位、当地单位和在岗人员。', add: '新增路由', edit: '修改路由', none: '还没有路由', noneHint: '没有路由时，按责任单位、当地单位和在岗人员通知。',
    watch: '适用范围', watchHint: '* 表示全部；rule:规则、type:设备类型、camera:识别类别、category:预警类别（如 category:Fire）；report:hotspots 为每月热点报告，所选级别的每个区域一份', area: '区域', ownArea: '本岗位区域', level: '级别', gradeFrom: '起始等级', target: '通知对象', targets: { OWNER: '责任单位', AREA: '当地单位', UNIT: '指定单位', DUTY: '在岗人员' },
    unit: '单位', role: '在岗角色', anyRole: '全部角色', way: '方式', address: '地址', addressHint: { EMAIL: '电子邮箱', WEBHOOK: 'https:// 开头；短信、语音网关由此接入' }, within: '签收时限（分钟）', withinHint: '不填则按等级的默认时限', usual: '默认',
    remove: '删除', removeSure: '删除此路由？', removed: '已删除', saved: '已保存', secret: '回调密钥，只显示这一次', secretHint: '接收方用它校验请求头 Citywide-Signature。', renew: '更换密钥',
  },
  notices: {
    title: '提醒方式', hint: '预警按路由通知您或您的单位。除站内通知外，还可以选择怎样提醒您。', inbox: '站内通知', inboxHint: '始终开启，在“预警处置”中查看。',
    push: '浏览器推送', pushHint: '关闭控制台后也能在这台设备上收到。内容只有等级、名称和地点，加密传送；退出登录后自动停止。',
    state: { unsupported: '此浏览器不支持推送，或未通过 HTTPS 访问', denied: '浏览器已禁止通知，请在浏览器的网站设置中允许', off: '未开启', page: '仅在控制台打开时提醒：此浏览器无法连接推送服务', on: '已开启' },
    browsers: '已开启推送的浏览器（最多 10 个）', thisOne: '当前浏览器', seen: '{t}使用', remove: '移除', routed: '邮件、网络回调', routedHint: '由值班长在预警路由中设置。',
  },
  classes: {
    title: '识别类别', add: '新增类别', hint: '摄像机和算法每类报警的含义：等级、是否转案件、最低置信度。单位授权后，仅由视频上报的案件在处置后，可由同类无异常画面自动通过核查；值班长可撤销。', name: '类别', code: '代码', nameZh: '中文名', nameEn: '英文名',
    category: 'CAP 类型', grade: '等级', confidence: '最低置信度', case: '转案件', kind: '案件类别', kindHint: '不选则由系统识别', recognised: '自动识别类别', gb: '国标报警类型', gbHint: 'GB/T 28181 的 AlarmMethod 或 AlarmMethod/AlarmType，如 5/6',
    consents: '授权单位', consentHint: '授权后，单位主办的此类案件可由后续画面自动通过核查，画面对照留作证据。', allow: '授权', withdraw: '取消授权',
  },
  hot: {
    title: '报警热点', month: '月份', print: '打印', sheet: '导出 XLSX', none: '这个月没有预警', total: '共 {n} 次报警、{m} 条预警', rank: '排名', place: '点位', area: '区域', alarms: '报警', warnings: '预警', grades: '红 / 橙 / 黄 / 蓝', falseAlarms: '误报', cases: '转案件',
    minutes: '平均签收', rules: '规则', minutesN: '{n} 分钟', printed: '{month} 报警热点报告', sent: '已发给本单位', of: '{area}',
  },
}
