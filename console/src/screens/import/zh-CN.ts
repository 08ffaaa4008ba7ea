export default {
  title: '数据导入', nav: '导入', what: { components: '部件普查数据', buildings: '楼宇档案' },
  hint: { components: 'CSV 文件，第一行为列名；UTF-8 或 GB18030 均可。坏行会列出原因，其余照常导入；同一文件重复导入不会改变数据。', buildings: 'NDJSON 文件，每行一栋楼宇及其房间、住户和企业；同一编号的楼宇以文件为准。' },
  choose: '选择文件', another: '换一个文件', file: '{name}，{size}', encoding: '编码', delimiter: '分隔符', tab: '制表符', columns: '识别结果', column: '文件中的列', field: '字段', sample: '示例', notUsed: '不导入', missing: '缺少必需的字段：{names}',
  crs: '坐标系', crsHint: '文件没有坐标系列时，所有位置按此读取',
  fields: { ident: '标识码', kindId: '类别代码', name: '名称', lon: '经度', lat: '纬度', crs: '坐标系', ownerCode: '权属单位代码', state: '状态', accuracy: '定位精度', source: '数据来源', recordedOn: '初始日期', changedOn: '变更日期' },
  trial: '试运行', trialHint: '检查全部数据，但不保存', run: '正式导入', empty: '文件没有数据行', buildingsFound: '{n} 行',
  phase: { read: '读取文件', send: '上传', check: '服务器正在检查并写入，大文件需要几分钟', batch: '分批导入' }, leave: '导入尚未完成，确定离开？',
  done: '导入完成', doneTrial: '试运行完成，数据未改动', read: '读取', added: '新增', changed: '更新', unchanged: '相同', rejected: '退回', accepted: '导入', took: '用时 {n} 秒',
  rejects: '退回的行', rejectsSave: '下载退回清单', row: '行', value: '内容', reason: '原因', moreRejects: '另有 {n} 行，见退回清单', allGood: '没有退回的行', warning: '请先核对坐标系',
  warningSays: '按 {declared} 读取时，位置与道路或已有部件的距离中位数为 {a} 米；按 {likely} 读取为 {b} 米。文件很可能是 {likely}。',
  stopped: '导入中断：前 {n} 栋已导入，其余没有导入',
}
