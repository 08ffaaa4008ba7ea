export default {
  title: '监测规则', nav: '规则', add: '新建规则', empty: '还没有监测规则', emptyHint: '规则说明监测什么设备、何时发出哪一级预警',
  column: { rule: '规则', type: '设备类型', area: '范围', state: '状态', live: '当前预警', changed: '最近修改' }, everywhere: '全域',
  state: { DRAFT: '草稿', PUBLISHED: '运行中', REPLACED: '已替换', WITHDRAWN: '已停用' }, version: '第{n}版', draftBeside: '另有草稿',
  by: '{name}，{at}',
  form: {
    what: '监测对象', id: '标识', idHint: '小写字母、数字和连字符，保存后不可改', nameZh: '中文名称', nameEn: '英文名称', type: '设备类型', area: '区划', areaHint: '不选表示全域', group: '分组', groupHint: '只监测此分组',
    per: '预警对象', perThing: '每台设备', perGroup: '每个分组', values: '用到的值', input: '实时值', from: { SUBJECT: '本设备', GROUP: '同组设备', AREA: '同区域设备' }, window: '时段统计', learned: '学习常态', sequence: '先后发生',
    name: '名称', of: '取自', over: '时长', addInput: '加实时值', addWindow: '加时段统计', addLearned: '加学习常态', measure: { AVG: '平均', MIN: '最小', MAX: '最大', SUM: '合计', COUNT: '个数', RATE: '变化率', MISSING: '无数据' },
    method: { BASELINE: '偏离日周规律', CHANGE: '水平突变', RESIDUAL: '多参数失配' }, ladder: '分级条件', on: '设此级', when: '条件', hold: '持续', until: '降级条件', untilHold: '降级持续', quiet: '解除后静默', timeHint: '如 30s、5m、1h',
    words: '条件表达式', pick: '按值填写', reasonZh: '原因（中文）', reasonEn: '原因（英文）', reasonHint: '花括号中写名称，如 {hint}；不写则由条件自动生成', manner: '预警的后续', category: '预警类别', caseFrom: '自动立案', caseNever: '不立案', caseFromGrade: '{grade}及以上', caseKind: '案件类别', caseKindHint: '不选则自动识别', note: '说明', noteHint: '为什么这样设，供以后查阅',
  },
  grade: { BLUE: '蓝色', YELLOW: '黄色', ORANGE: '橙色', RED: '红色' },
  category: { Geo: '地质', Met: '气象', Safety: '公共安全', Security: '治安', Rescue: '救援', Fire: '消防', Health: '卫生', Env: '环境', Transport: '交通', Infra: '基础设施', CBRNE: '核生化', Other: '其他' },
  document: '规则文档', documentHint: '左侧表单与此文档是同一规则，改哪边都可以', formWaits: '文档有问题，改好后表单恢复', sound: '没有问题', flaws: '{n} 处问题', line: '第{n}行',
  save: '保存草稿', saved: '草稿已保存', publish: '发布', published: '已发布，约一秒后生效', withdraw: '停用', withdrawAsk: '停用后不再监测，当前预警随之解除。确定停用？', withdrawn: '已停用', discard: '丢弃草稿', discardAsk: '确定丢弃草稿？', unsaved: '有未保存的修改，确定离开？',
  publishTitle: '发布第{n}版', firstVersion: '这是第一版', against: '与运行中的第{n}版相比', noChange: '文档没有变化', kept: '窗口和条件未变的部分保留已有状态，当前预警继续。', confirmPublish: '确认发布',
  tab: { rehearse: '推演', versions: '历史版本' }, versionUse: '以此版为草稿',
  rehearse: {
    hint: '用已存的历史数据试运行，看看会发出多少预警、与实际是否相符', last: '过去', days: '{n} 天', run: '开始推演', stop: '停止', progress: '已读 {values} 个值，{parties}/{of} 组设备', stopped: '已停止',
    would: '{devices} 台设备，本应发出 {n} 次预警', none: '{devices} 台设备，不会发出预警', peak: '其中{grade} {n}', held: '另有 {n} 次在静默期内未发', read: '读取 {values} 个值，用时 {took} 秒', noDevices: '没有此规则覆盖的设备，或它们没有历史数据', more: '列出前 {n} 次',
    episodes: '本应发出', actual: '实际发生', noActual: '这段时间这些设备没有实际预警', actualCount: '{n} 次', timeline: '时间轴', going: '至今', steps: { RAISED: '发出', ESCALATED: '升级', LOWERED: '降级', ENDED: '解除' }, verdict: { REAL: '真实', FALSE: '误报', MAINTENANCE: '检修' },
  },
}
