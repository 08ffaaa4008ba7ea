export default {
  grade: { RED: '红色', ORANGE: '橙色', YELLOW: '黄色', BLUE: '蓝色' },
  reveal: {
    purpose: '查看用途', reason: '具体理由，5 至 200 字', show: '查看', nothing: '没有留下信息', left: '{n} 秒后自动隐藏。',
    notice: '本次查看将连同您的姓名、时间、用途和理由记入访问日志，审计管理员可以查阅。',
  },
  purpose: { CALL_BACK: '就本案回访', FIND: '寻找位置或当事人', EMERGENCY: '危及生命财产', COMPLAINT: '处理投诉', CORRECTION: '更正登记信息', BY_LAW: '依法查询' },
  cases: { open: '在办', past: '已结' },
  lightbox: { label: '查看照片', previous: '上一张', next: '下一张' },
  photos: { add: '添加照片', remove: '移除照片', uploading: '上传 {percent}%', },
  kind: { label: '类别', placeholder: '搜索名称或代码' },
  unit: { label: '单位', placeholder: '搜索单位' },
  map: { failed: '此浏览器不能显示地图（需要 WebGL）', zoomIn: '放大', zoomOut: '缩小', label: '地图' },
  place: { search: '搜索区域、道路、部件' },
  area: { label: '区域' },
  person: { label: '人员', placeholder: '选择人员' },
  case: { label: '案件', placeholder: '搜索案件编号或内容' },
}
