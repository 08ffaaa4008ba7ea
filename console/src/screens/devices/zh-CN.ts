export default {
  title: '感知设备', nav: '设备', device: '设备', types: '设备类型',
  search: '名称或编码', type: '类型', anyType: '全部类型', area: '区域', group: '分组', unit: '责任单位', source: '接入来源', code: '编码', name: '名称', state: '状态', seen: '最近上报', never: '从未上报', place: '所在区域', noArea: '不在任何区域内',
  all: '全部', states: { NEW: '未上线', ONLINE: '在线', SILENT: '失联', FAULTY: '故障' }, disabled: '已停用', enabled: '启用', enable: '启用', disable: '停用',
  none: '没有设备', noneHint: '换个条件试试；系统管理员可登记或导入设备。',
  add: '登记设备', edit: '修改', save: '保存', saved: '已保存', longitude: '经度', latitude: '纬度', component: '所在部件标识码', building: '所在楼宇编号', unitCode: '责任单位编码', codeHint: '字母、数字或 . _ : -，登记后不能修改',
  import: '导入设备', importHint: 'UTF-8 的 CSV（首行为字段名）或 NDJSON。字段：code、type、name、lon、lat、crs、group、component、building、unit、source、enabled。已登记的设备按编码更新，没有的列保持不变。', choose: '选择文件', importing: '正在导入 {n}%',
  imported: '读取 {read} 行：新增 {added}，更新 {changed}，未变 {unchanged}，未接收 {rejected}', row: '行', reason: '原因', field: '字段',
  values: '最新值', noValue: '尚无数据', range: '范围', day: '一天', week: '一周', chart: '变化曲线', noChart: '此时段没有数据', average: '平均', highest: '最高', lowest: '最低',
  secret: '接入密钥', secretHas: '已签发', secretNone: '未签发，设备不能以自身名义上报', issue: '签发密钥', reissue: '重新签发', revoke: '吊销', issued: '新密钥（只显示这一次，请立即写入设备）', issueAsk: '重新签发后，旧密钥立即失效。', revokeAsk: '吊销后设备不能再上报。', copy: '复制', copied: '已复制',
  remove: '删除', removeAsk: '删除设备 {code}？有观测数据的设备不能删除，只能停用。', removed: '已删除',
  commands: '远程指令', send: '下发', why: '理由', noCommands: '没有下发过指令', sent: '指令已保存，等待设备应答', commandState: { PENDING: '待发送', SENT: '已发送', DONE: '已执行', FAILED: '执行失败', EXPIRED: '已过期' },
  nameZh: '中文名', nameEn: '英文名', silentAfter: '失联时限（分钟）', retention: '保存期限（天）', properties: '属性', addProperty: '增加属性', propertyName: '标识', unitOf: '单位', low: '下限', high: '上限', interval: '间隔（秒）', addType: '新增类型', removeType: '删除类型 {name}？', every: '每 {t}', minutes: '{n} 分钟', seconds: '{n} 秒', kept: '保存 {n} 天',
}
