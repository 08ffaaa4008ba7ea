export default {
  title: '楼宇档案', register: '楼宇登记册', nav: '楼宇',
  search: '楼名或地址', areas: '下级区域', allAreas: '全部区域', buildings: '楼宇', rooms: '房间', households: '住户', enterprises: '企业', caredFor: '重点关怀',
  none: '没有楼宇', noneHint: '换一个区域或关键词；系统管理员可在“数据导入”中导入楼宇档案。', noneHere: '此区域还没有楼宇档案', count: '{n} 栋', whole: '合计',
  use: { RESIDENTIAL: '住宅', OFFICE: '办公', SHOP: '商铺', MIXED: '商住', PUBLIC: '公共', INDUSTRIAL: '工业', OTHER: '其他' },
  occupancy: { OWNER: '自住', RENTED: '出租', BUSINESS: '经营', VACANT: '空置', UNKNOWN: '不明' },
  name: '名称', address: '地址', useOf: '用途', floors: '层数', floorsN: '{n} 层', built: '建成年份', height: '高度', metres: '{n} 米', ident: '楼宇编号', area: '所在区域',
  stack: '楼层与房间', floor: '{n} 层', below: '地下 {n} 层', noFloor: '未分层', roomsN: '{n} 间', noRooms: '没有房间信息', onlyKnown: '仅显示有住户或企业的房间', chosen: '房间 {n}', wholeBuilding: '全部房间',
  members: '{n} 人', noHouseholds: '没有登记住户', noHouseholdsRoom: '此房间没有登记住户', hidden: '当前岗位不能查看住户', reveal: '查看', revealTitle: '查看住户 {room}', revealEnterprise: '查看联系人：{name}', head: '户主', phone: '电话', contact: '联系人', sealed: '信息无法解密，请联系管理员',
  noEnterprises: '没有登记企业', uscc: '统一社会信用代码', trade: '行业', room: '房间',
  care: '重点关怀', noCare: '没有需要重点关怀的住户', careN: '{n} 户',
  near: '楼旁 {n} 米内', nearCases: '在办案件', nearComponents: '部件', noCases: '没有在办案件', nearMore: '在驾驶舱查看', others: '另有 {n} 类', report: '在此登记问题',
}
