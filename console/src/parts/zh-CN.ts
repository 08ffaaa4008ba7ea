export default {
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
