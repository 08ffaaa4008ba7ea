export default {
  title: '系统管理', nav: '管理', saved: '已保存', active: '启用', inactive: '停用', state: '状态', until: '至 {day}', copy: '复制', copied: '已复制', kept: '已保存好', always: '长期有效',
  anyKind: '全部类别', anyArea: '全部区域', majorClass: '大类', line: '行', field: '字段', reason: '原因',
  section: { people: '人员与岗位', units: '单位', matrix: '责任矩阵', calendar: '工作日历', limits: '处置时限', kinds: '部件事件目录', areas: '区域与网格', keys: '接口密钥', approvals: '密钥审批', log: '访问日志', ledger: '存证账本' },
  people: {
    add: '新增人员', search: '搜索姓名、用户名', role: '岗位角色', name: '姓名', login: '用户名', loginHint: '小写字母、数字、点、横线，2–64 位。', phone: '电话', area: '所属区域', areaHint: '由该区域的管理员维护此账号；留空为您自己的区域。',
    positions: '岗位', signIn: '可以登录（生成一次性密码）', none: '没有符合条件的人员', noneHint: '换个条件试试，或新增人员。', sealBroken: '号码无法打开', lockedUntil: '锁定至 {time}', firstPassword: '尚未修改初始密码', idle: '（单位停用或派驻到期，暂不生效）',
    end: '结束岗位', endAsk: '结束后立即失去该岗位的权限，确定吗？', noPosition: '尚无岗位：不能办理业务。', grant: '授予岗位', scopeHint: '能看到的区域范围；留空为您自己的区域。', own: '不能更改自己的权限。',
    reset: '重置密码', resetAsk: '为 {name} 生成新的一次性密码？现有登录将失效。', unlock: '解除锁定', password: '一次性密码', passwordHint: '只显示这一次，请交给本人。首次登录须修改。',
  },
  units: {
    add: '新增单位', below: '新增下级', search: '搜索名称、代码', name: '名称', code: '代码', codeHint: '在全市唯一。', kind: '类型', parent: '上级单位', stationing: '派驻方式', stationingHint: '整体进驻、常态派驻或临时派驻到运行中心。', stationedUntil: '派驻到期日',
    none: '没有单位', noneHint: '先新增运行中心，再新增各部门和街道。',
  },
  matrix: {
    rules: '规则', switches: '自动派遣', add: '新增规则', rule: '规则 {id}', import: '导入 CSV', imported: '读取 {read} 行：采用 {accepted}（新增 {created}，更改 {changed}，相同 {unchanged}），退回 {rejected}。',
    none: '没有规则', noneHint: '没有规则的案件由派遣员手工派遣，系统给出最接近的建议。', hours: '时段', lead: '主办单位', assist: '协办单位', valid: '有效期', from: '生效日期', to: '失效日期', areaHint: '规则在该区域及其下级生效；留空为全部区域。',
    removeAsk: '删除后不再按此规则派遣，确定吗？', switchHint: '打开后，该类别在该区域立案的案件由规则直接派遣，并说明依据；未打开的只给出建议。', noSwitch: '所有类别都由派遣员派遣', automatic: '自动派遣', turnOn: '打开自动派遣', ownArea: '本人区域',
  },
  hours: { ANY: '全天', WORKING: '工作时间', OFF: '非工作时间' },
  shipped: { limits: '示例：按地方惯例整理，非标准所列', calendar: '国务院办公厅 2025 年 11 月 4 日关于 2026 年部分节假日安排的通知', by: '随软件提供' },
  calendar: {
    add: '新建版本', earlier: '上一年', later: '下一年', work: '工作日', rest: '休息日', holiday: '节假日', makeup: '调休上班', none: '没有日历', editing: '点击日期切换：工作日 ↔ 节假日，休息日 ↔ 调休上班。', from: '起始日', to: '截止日', shifts: '班次', open: '上班', close: '下班', addShift: '增加班次',
    source: '依据', sourceHint: '例如：国务院办公厅放假通知。', counts: '节假日 {holidays} 天，调休上班 {makeup} 天', versions: '版本（新的优先）', number: '版本 {n}', changed: '修改', zone: '时区', recomputed: '已按新日历重算 {n} 件未结案件的时限。',
  },
  limits: {
    add: '新增时限', hint: '只对此后开始计时的案件生效；已给出的时限不变。最具体的类别优先。', stages: '中心各环节', disposal: '按类别处置', act: '环节', urgency: '紧急程度', limit: '时限', clock: '计时', continuous: '连续计时（含夜间和节假日）', working: '工作时间计时', filing: '立案条件', closing: '结案条件',
    source: '来源', none: '没有时限', patternHint: '某一类别、某个大类或全部类别。', unit: '单位', minutes: '分钟',
  },
  limitUnit: { URGENT_HOUR: '紧急工作时', WORKING_HOUR: '工作时', WORKING_DAY: '工作日', WORKING_DAY_END: '工作日（至末日下班）', NATURAL_DAY: '自然日' },
  kinds: {
    add: '新增扩展类别', none: '没有符合的类别', family: '部件 / 事件', standard: '标准', code: '代码', name: '名称', major: '大类', own: '本市扩展', fixed: '标准规定的类别不能修改。', standardHint: '选择标准，在其代码段内扩展；或填写本地目录名，如 boston311。', codeHint: '标准目录的扩展小类为 080–999，由大到小编；本地目录用小写字母、数字、横线。',
    nameZh: '中文名称', nameEn: '英文名称', majorZh: '大类（中文）', majorEn: '大类（英文）', keywords: '关键词', keywordsHint: '从文字中识别该类别；回车添加。', validTo: '停用日期',
  },
  areas: {
    import: '导入 GeoJSON', crs: '坐标系', hint: '整个文件一起检查：单元网格必须无缝、无重叠地覆盖社区。有一处错误就不导入。', imported: '读取 {read} 个区域：新增 {added}，更改 {changed}，相同 {unchanged}。', feature: '序号', code: '代码', fault: '问题', moreFaults: '另有 {n} 处问题未列出。',
    none: '还没有区域', noneHint: '导入市、区、街道、社区和单元网格的边界。', search: '搜索名称、代码', notFound: '没有找到', choose: '选择一个区域查看', noBoundary: '没有边界', noJson: '不是 JSON 文件',
  },
  keys: {
    add: '新建密钥', none: '没有密钥', noneHint: '外部系统凭密钥接入接口。', name: '用途', nameHint: '写明哪个系统使用。', channels: '渠道', channelsHint: '其反映可用的渠道，如热线；不填为部门转办。', sources: '来源系统', sourcesHint: '可使用其编号的系统，第一个为默认；不填为密钥名称。', any: '任意（绑定前的旧密钥，请更换）', prefix: '前缀', permissions: '权限', expires: '到期', never: '长期有效', revoked: '已吊销 {at}', revoke: '吊销', revokeAsk: '吊销后“{name}”立即不能再用，确定吗？', withEnded: '含已失效',
    operator: '本机运维', areaHint: '只能访问该区域的数据；留空为您自己的区域。', unitHint: '只能访问该单位的案件；留空不限单位。', secret: '接口密钥', secretHint: '只显示这一次，请妥善保存。',
    permissionsHint: '属于系统管理员职权的权限，须经其批准后密钥才能使用。', secretWaits: '须经{by}批准后才能使用。', waits: '待批准', waitsFor: '待{by}批准，批准前不能使用', approved: '已批准', notApproved: '未批准', refused: '未批准：{why}', or: '或',
  },
  approvals: {
    hint: '安全管理员新建的密钥如含您职权内的权限，经您批准后才能使用。', none: '没有待批准的密钥', noneHint: '需要您批准的密钥会列在这里。', asked: '待批准的权限', others: '其他权限', madeBy: '新建人', approve: '批准', approveAsk: '批准后“{name}”立即可以使用所列权限，确定吗？',
    refuse: '不批准', refuseTitle: '不批准“{name}”', refuseHint: '此密钥随即失效；理由对安全管理员可见。',
  },
  log: { act: '行为', from: '起始日', to: '截止日', refresh: '刷新', none: '没有记录', at: '时间', actor: '操作人', object: '对象', address: '网络地址', details: '详情', refused: '被拒绝' },
  ledger: {
    hint: '每项操作都写入账本，并封存到签名的哈希树中。请定期把树头另存他处：用 ./citywide ledger verify --since-head 即可证明此前的记录没有被改动。',
    keep: '下载树头', none: '尚无封存的记录', size: '条目数', root: '根哈希', key: '公钥指纹', suite: '算法', id: '账本编号', heads: '最近的树头', ED25519_SHA256: 'Ed25519 与 SHA-256', SM2_SM3: 'SM2 与 SM3',
  },
  act: {
    session_opened: '登录', session_refused: '登录失败', password_changed: '修改密码', password_refused: '修改密码失败', password_reset: '重置密码', person_created: '新增人员', person_changed: '修改人员', person_unlocked: '解除锁定', position_granted: '授予岗位', position_ended: '结束岗位',
    personal_data_revealed: '查看个人信息', personal_data_looked_up: '查找来电人', api_key_created: '新建密钥', api_key_revoked: '吊销密钥', api_key_approved: '批准密钥', api_key_refused: '不批准密钥', unit_created: '新增单位', unit_changed: '修改单位', first_start: '首次启动',
    evaluation_exported: '导出考核', matrix_added: '新增派遣规则', matrix_changed: '修改派遣规则', matrix_removed: '删除派遣规则', matrix_switched: '切换自动派遣', calendar_changed: '修改工作日历', limits_changed: '修改处置时限', catalogue_added: '新增类别', catalogue_changed: '修改类别', areas_imported: '导入区域', components_imported: '导入部件', basemap_imported: '导入底图',
    buildings_imported: '导入楼宇', map_exported: '导出地图图层', warnings_exported: '导出预警', observations_exported: '导出观测值', signal_declined: '对上报不予受理', device_registered: '登记设备', device_changed: '修改设备', device_deleted: '删除设备', devices_imported: '导入设备', device_secret_issued: '签发接入密钥', device_secret_revoked: '吊销接入密钥', device_command: '下发指令', device_answered: '设备应答指令',
    device_type_added: '新增设备类型', device_type_changed: '修改设备类型', device_type_deleted: '删除设备类型', sensing_sta_created: '经 SensorThings 新增', sensing_sta_changed: '经 SensorThings 修改', sensing_sta_deleted: '经 SensorThings 删除', source_changed: '修改接入来源', rule_published: '发布监测规则', rule_withdrawn: '停用监测规则',
    warning_route_added: '新增预警路由', warning_route_changed: '修改预警路由', warning_route_removed: '删除预警路由', warning_route_secret: '更换回调密钥', warning_push_on: '开启浏览器推送', warning_push_off: '停止浏览器推送', camera_class_put: '设置识别类别', camera_consent_given: '授权视频核查', camera_consent_withdrawn: '取消视频核查授权',
    vitals_added: '新增指标', vitals_changed: '修改指标', vitals_entered: '填报指标',
  },
  detail: {
    purpose: '用途', reason: '理由', why: '原因', name: '名称', nameZh: '名称', login: '登录名', role: '岗位', position: '岗位编号', unit: '单位', area: '区域', areaCode: '区域代码', permissions: '权限', awaits: '待批准', channels: '渠道', sources: '来源系统', holder: '持有人', version: '版本', rule: '规则', code: '代码', kind: '类别', type: '类型', class: '识别类别', source: '来源', channel: '渠道', command: '指令', grade: '等级', gradeFrom: '起始等级', level: '级别',
    from: '起', to: '止', month: '月份', format: '格式', by: '查找依据', found: '找到', rows: '行数', read: '读取', added: '新增', changed: '更改', unchanged: '未变', rejected: '未接收', refused: '拒绝', accepted: '接收', active: '启用', revoked: '吊销', devices: '设备', components: '部件', buildings: '楼宇', areas: '区域数', silentAfterSeconds: '失联时限（秒）', recomputed: '重新计算',
  },
  why: { credentials: '用户名或密码不对', locked: '账号已锁定' },
  permission: {
    SIGNAL_REPORT: '上报', SIGNAL_IMPORT: '批量导入', SIGNAL_READ: '查看反映', CASE_READ: '查看案件', PLACE_READ: '查看位置数据', PLACE_EDIT: '维护位置数据', BUILDING_READ: '查看楼宇', BUILDING_EDIT: '维护楼宇', UNIT_READ: '查看单位', UNIT_EDIT: '维护单位', CATALOGUE_EDIT: '维护目录', CALENDAR_EDIT: '维护日历与时限', MATRIX_READ: '查看矩阵', MATRIX_EDIT: '维护矩阵',
    EVALUATION_READ: '查看考核', EVALUATION_EXPORT: '导出考核', MAP_EXPORT: '导出地图图层', LIVE: '实时消息', CASE_WORK: '办理案件', CASE_MERGE: '合并拆分', SIGNAL_TRIAGE: '定位分拣', PERSONAL_DATA_REVEAL: '查看个人信息', PERSON_READ: '查看人员', PERSON_EDIT: '维护人员', GRANT_EDIT: '授权', API_KEY_EDIT: '维护密钥', API_KEY_APPROVE: '审批密钥', AUDIT_READ: '审计', METRICS_READ: '查看运行指标', SELF: '个人设置',
    HOUSEHOLD_READ: '查看住户', DUTY_READ: '查看在岗人员', ROSTER_EDIT: '编排班次', SENSING_READ: '查看设备与预警', DEVICE_EDIT: '维护设备', DEVICE_COMMAND: '下发设备指令', OBSERVATION_WRITE: '上报观测数据', RULE_EDIT: '维护监测规则', WARNING_WORK: '处置预警', VITALS_READ: '查看城市体征', VITALS_ENTER: '报送指标数值', VITALS_EDIT: '维护指标',
  },
}
