export default {
  title: '反映城市问题', intro: '拍张照、点个位置、写一句话，一分钟就好。不用注册。',
  photo: { title: '照片', hint: '有照片处理更快。照片里的拍摄位置只用来帮您定位，保存时会去掉。' },
  what: { title: '发生了什么', label: '问题描述', short: '描述', placeholder: '例如：路口井盖破了，晚上看不见，容易摔倒。', missing: '请写一句话说明问题。' },
  where: {
    title: '在哪里', label: '位置', mine: '用我的位置', photo: '用照片的位置', tap: '也可以直接在地图上点。', noPosition: '没有取得您的位置，请在地图上点选或写明地址。',
    address: '地址或附近标志物', addressHint: '例如：望江路与文华街路口，公交站旁。', missing: '请在地图上点一下位置，或写明地址。', clear: '清除',
    from: { map: '已在地图上选点', photo: '位置来自照片，可拖动调整', device: '位置来自您的设备，可拖动调整' },
  },
  kind: { title: '是哪类问题', label: '类别', city: '不确定，由城市来判断', change: '重新选择' },
  contact: { title: '联系方式', name: '称呼', phone: '电话', privacy: '只在需要与您核实时使用，不会公开。工作人员查看时须说明用途，每次查看都有记录。' },
  check: '请看上面标出的地方。', submit: '提交', uploading: '照片上传中…', known: '已经反映过？输入查询码查看进展', look: '查看', code: '查询码',
  thanks: '已收到，谢谢您！', opened: '已为您的反映建立案件，工作人员会尽快处理。', joined: '这个问题已有人反映过，您的反映已并入同一案件，一起跟进。',
  waiting: '工作人员会先确认位置，再转给负责的单位。', caseNo: '案件编号', keep: '请保存查询码：凭它可以随时查看进展，并在结案后评价。', follow: '查看进展', copy: '复制链接', copied: '已复制', again: '再反映一个问题',
  mine: '我的反映', unknown: '没有这个查询码', unknownHint: '请核对后再试。', way: '处理进度', timeline: '经过', live: '实时更新', notLive: '正在重新连接…',
  phase: { sent: '已收到', looking: '正在受理', assigned: '正在处理', fixed: '已处理，正在核查', closed: '已办结', off: '未受理' },
  short: { sent: '收到', looking: '受理', assigned: '处理', fixed: '核查', closed: '办结' },
  say: {
    REPORTED: '我们已收到您的反映，工作人员将尽快查看。', ACCEPTED: '已受理，正在登记立案。', VERIFYING: '已派人到现场核实。', VERIFIED: '现场已核实，正在登记立案。',
    FILED: '已立案，正在安排负责的单位。', DISPATCHED: '已派给负责的单位。', RECEIVED: '负责的单位已接收，正在处理。', DISPOSED: '负责的单位已处理完，正在现场核查。',
    CHECKED: '核查通过，即将办结。', CLOSED: '问题已解决并办结。', EVALUATED: '问题已解决并办结。', NOT_ACCEPTED: '这件事不属于城市管理的受理范围，原因见下方经过。', VOID: '这件案件已作废，原因见下方经过。',
    WAITING_PLACE: '已收到，工作人员正在确认具体位置。', DECLINED: '这条反映未被受理，原因见下方经过。',
  },
  moment: {
    RECEIVED: '收到您的反映', DECLINED: '未受理', OPEN: '建立案件', IMPORT: '导入', ACCEPT: '已受理', DECLINE: '不予受理', FILE: '已立案', DISPATCH: '已派给负责的单位', RECEIVE: '负责的单位已接收', DISPOSE: '负责的单位已处理',
    CHECK: '核查通过', CLOSE: '已办结', VOID: '已作废', REOPEN: '重新立案',
  },
  rate: { title: '对处理结果满意吗？', YES: '满意', PARTLY: '基本满意', NO: '不满意', words: '想说的话（选填）', submit: '提交评价', thanks: '感谢您的评价' },
}
