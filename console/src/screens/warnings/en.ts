export default {
  title: 'Warnings', nav: 'Warnings', to: { hot: 'Hot spots', routes: 'Routes', classes: 'Cameras', notices: 'Notices' }, live: 'Live', past: 'Over', situations: 'Situations', open: 'Waiting', all: 'All', anyArea: 'Every area', anyGrade: 'Any grade', gradeFrom: '{g} and above',
  none: 'No warning is live', noneHint: 'Warnings of rules, of silent devices and of cameras appear here, the worst first.', nonePast: 'No such warning', noSituation: 'Nowhere do several rules warn at once',
  noSituationHint: 'Where two rules or more warn of one place at one time, they show as one situation.', since: 'since {t}', lasted: 'lasted {t}', acknowledged: 'acknowledged by {name}', waits: 'not acknowledged', waitsUntil: 'goes to the next level in {t}', passed: 'due for the next level',
  alarms: '{n} alarms', unit: 'Unit in charge', told: 'Told', place: 'Place', rule: 'Rule', origin: { WATCH: 'Watch rule', SILENCE: 'Silence', CAMERA: 'Camera' }, version: 'version {n}', onMap: 'Show on the map', caseOf: 'Case', caseComing: 'becoming a case…',
  acknowledge: 'Acknowledge', end: 'End', note: 'Note', publish: 'Make public', withdraw: 'Withdraw', isPublic: 'Public', reason: 'Reason', reasonEnd: 'What was found, and why it ends', verdictLabel: 'Finding', noteText: 'Note', noteOptional: 'What is being done (optional)',
  verdict: { REAL: 'Real', FALSE: 'False alarm', MAINTENANCE: 'Maintenance' },
  history: 'History', act: { RAISED: 'Raised', ESCALATED: 'Escalated', LOWERED: 'Lowered', ENDED: 'Ended', ACKNOWLEDGED: 'Acknowledged', NOTED: 'Note', PUBLISHED: 'Made public', WITHDRAWN: 'Withdrawn', PASSED_UP: 'Passed up' },
  server: 'Server', values: 'Values', course: 'Grades', deliveries: 'Who was told', deliveryNone: 'Nobody was told yet', atLevel: '{level} level', way: { INBOX: 'Inbox', EMAIL: 'E-mail', WEBHOOK: 'Webhook', PUSH: 'Browser push' },
  state: { WAITING: 'on its way', SENT: 'delivered', FAILED: 'not delivered', OVERTAKEN: 'replaced by a later one' }, signed: 'acknowledged', attempts: 'attempt {n}', cap: 'Message', pictures: 'Pictures', clear: 'clear', choose: 'Choose a warning on the left', chooseHint: 'j and k move, a acknowledges, e ends.', back: 'Back to the list',
  done: { acknowledge: 'Acknowledged', end: 'Ended', note: 'Noted', publish: 'Made public', withdraw: 'Withdrawn' },
  told1: '{grade} warning: {name}', more: 'Load more', further: '{n} more', key: { acknowledge: 'Acknowledge a warning', end: 'End a warning' },
  routes: {
    title: 'Routes of warnings', hint: 'The level nearest to the place is told first; where nobody acknowledges in time, the next: community, street, district, city. A level without a route tells the unit in charge, the units of the area and who is on duty there.', add: 'Add a route', edit: 'Change a route', none: 'There is no route yet', noneHint: 'Without routes the unit in charge, the units of the area and who is on duty are told.',
    watch: 'About', watchHint: '* for all; rule:CODE, type:CODE of a device type, camera:CLASS, category:CATEGORY such as category:Fire; report:hotspots for the monthly report of hot spots, one for each area of the level', area: 'Area', ownArea: 'Own area', level: 'Level', gradeFrom: 'From grade', target: 'Whom', targets: { OWNER: 'Unit in charge', AREA: 'Units of the area', UNIT: 'A unit', DUTY: 'On duty' },
    unit: 'Unit', role: 'Role on duty', anyRole: 'Every role', way: 'How', address: 'Address', addressHint: { EMAIL: 'E-mail address', WEBHOOK: 'Begins with https://; gateways for short messages and voice plug in here' }, within: 'Acknowledge within (minutes)', withinHint: 'Empty: as usual for the grade', usual: 'usual',
    remove: 'Delete', removeSure: 'Delete this route?', removed: 'Deleted', saved: 'Saved', secret: 'Secret of the webhook, shown this once', secretHint: 'The receiver checks the header Citywide-Signature with it.', renew: 'Renew the secret',
  },
  notices: {
    title: 'How you are told', hint: 'Routes say which warnings you or your unit are told of. Choose how they reach you beside the inbox.', inbox: 'Inbox', inboxHint: 'Always on, under Warnings.',
    push: 'Browser push', pushHint: 'Reaches you on this device also while the console is closed. Says grade, name and place only, sealed on its way; ends when you log out.',
    state: { unsupported: 'This browser has no push, or the page did not come by HTTPS', denied: 'The browser forbids notifications; allow them in its settings for this site', off: 'Off', page: 'Only while the console is open: this browser cannot reach a push service', on: 'On' },
    browsers: 'Browsers with push on (10 at most)', thisOne: 'this one', seen: 'used {t}', remove: 'Remove', routed: 'E-mail, webhooks', routedHint: 'Set by shift leaders in the routes of warnings.',
  },
  classes: {
    title: 'Camera classes', add: 'Add a class', hint: 'What an alarm of a camera or algorithm means: grade, whether it opens a case, least confidence. Where a unit allows it, a later picture that shows nothing passes the check of cases that cameras alone reported; a shift leader can undo that.', name: 'Class', code: 'Code', nameZh: 'Chinese name', nameEn: 'English name',
    category: 'Category of CAP', grade: 'Grade', confidence: 'Least confidence', case: 'Opens a case', kind: 'Kind of the case', kindHint: 'Empty: recognised by the server', recognised: 'recognised', gb: 'GB/T 28181', gbHint: 'AlarmMethod or AlarmMethod/AlarmType, such as 5/6',
    consents: 'Units that allow it', consentHint: 'A later picture may pass the check of the cases of this class that the unit leads; the pair of pictures is kept as evidence.', allow: 'Allow', withdraw: 'Withdraw',
  },
  hot: {
    title: 'Hot spots', month: 'Month', print: 'Print', sheet: 'Export XLSX', none: 'No warning in this month', total: '{n} alarms, {m} warnings', rank: 'Rank', place: 'Place', area: 'Area', alarms: 'Alarms', warnings: 'Warnings', grades: 'Red / orange / yellow / blue', falseAlarms: 'False', cases: 'Cases',
    minutes: 'Acknowledged after', rules: 'Rules', minutesN: '{n} min', printed: 'Hot spots of {month}', sent: 'Sent to your unit', of: '{area}',
  },
}
