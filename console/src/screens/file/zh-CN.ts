export default {
  about: '关于部件', clearComponent: '不针对此部件',
  before: '查历史来电', beforeNone: '您的范围内没有此号码的反映。',
  title: '登记反映', nav: '登记', place: '位置', placeHint: '点击地图选择位置，或搜索地点', kind: '类别', kindHint: '不选则由系统识别', description: '问题描述', descriptionHint: '看到了什么、在哪里、有什么影响',
  photos: '照片', exif: '照片带有位置信息（{lon}, {lat}）。', exifUse: '用作案件位置', address: '地址补充', addressHint: '如：3 号楼东侧', reporter: '反映人（选填）', name: '姓名', phone: '电话', confidential: '要求保密',
  urgency: '紧急程度', submit: '提交', another: '再登记一件', openCase: '打开案件', waiting: '等待人工定位', openedTitle: '已立为新案件', joinedTitle: '已并入已有案件', waitingTitle: '已受理，等待人工定位',
  decisions: '系统是这样判断的', tracking: '查询码', noPlace: '没有选位置：提交后由人工定位', clearPlace: '清除位置', point: '{lon}, {lat}',
}
