// Words of the domain and of every screen; the same keys as zh-CN.
export default {
  app: { name: 'Citywide', },
  stage: {
    REPORTED: 'Reported', ACCEPTED: 'Accepted', VERIFYING: 'To verify', VERIFIED: 'Verified', FILED: 'Filed',
    DISPATCHED: 'Dispatched', RECEIVED: 'Received', DISPOSED: 'Handled', CHECKED: 'Check passed', CLOSED: 'Closed',
    EVALUATED: 'Evaluated', NOT_ACCEPTED: 'Not accepted', VOID: 'Void',
  },
  action: {
    OPEN: 'Reported', IMPORT: 'Imported', ACCEPT: 'Accept', DECLINE: 'Decline', REQUEST_VERIFICATION: 'Ask to verify',
    VERIFY: 'Verify', FILE: 'File', DISPATCH: 'Dispatch', RECEIVE: 'Receive', RETURN: 'Return', ASSIGN: 'Assign',
    DISPOSE: 'Handled', CHECK: 'Check', CLOSE: 'Close', EVALUATE: 'Evaluate', REQUEST_EXTENSION: 'Request extension',
    DECIDE_EXTENSION: 'Decide extension', SUSPEND: 'Request suspension', DECIDE_SUSPENSION: 'Decide suspension',
    RESUME: 'Resume', SUPERVISE: 'Supervise', URGE: 'Urge', VOID: 'Void', REQUEST_FORCED_CLOSURE: 'Request forced closure',
    DECIDE_FORCED_CLOSURE: 'Decide forced closure', REOPEN: 'Reopen', CLASSIFY: 'Change kind', RELOCATE: 'Move place',
    JOIN_SIGNAL: 'Report joined', SPLIT: 'Split', MERGE: 'Merge', NOTE: 'Note',
  },
  role: {
    COLLECTOR: 'Collector', ACCEPTOR: 'Acceptor', SHIFT_LEADER: 'Shift leader', DISPATCHER: 'Dispatcher', HANDLER: 'Handler',
    VERIFIER: 'Verifier', EVALUATOR: 'Evaluator', LEADER: 'Leader', SYSTEM_ADMIN: 'System administrator',
    SECURITY_ADMIN: 'Security administrator', AUDIT_ADMIN: 'Audit administrator',
  },
  queue: {
    place: 'Without place', accept: 'To accept', verify: 'To verify', file: 'To file', dispatch: 'To dispatch', handle: 'To handle',
    approve: 'To approve', check: 'To check', close: 'To close', evaluate: 'To evaluate', mine: 'Reported by me', overdue: 'Overdue',
    soon: 'Due soon', all: 'All cases',
  },
  due: { OK: 'On time', SOON: 'Due soon', OVERDUE: 'Overdue', PAUSED: 'Clock paused', NONE: 'No limit' },
  family: { COMPONENT: 'Component', MATTER: 'Matter' },
  level: { CITY: 'City', DISTRICT: 'District', STREET: 'Street', COMMUNITY: 'Community', UNIT_GRID: 'Unit grid' },
  unitKind: { CENTRE: 'Centre', DEPARTMENT: 'Department', STREET_OFFICE: 'Street office', COMMUNITY: 'Community', ENTERPRISE: 'Enterprise' },
  stationing: { NONE: 'Not stationed', WHOLE: 'Stationed as a whole', REGULAR: 'Stationed regularly', TEMPORARY: 'Stationed temporarily' },
  channel: {
    CONSOLE: 'Console', CITIZEN: 'Citizen', PUBLIC: 'Citizen', HOTLINE: 'Hotline', OPEN311: 'Open311', IMPORT: 'Import', COLLECTOR: 'Collector',
    SENSOR: 'Sensor', CAMERA: 'Camera', API: 'Partner system', PARTNER: 'Partner system', CSV: 'Import', WEB: 'Web',
  },
  urgency: { NORMAL: 'Normal', URGENT: 'Urgent' },
  result: { PASS: 'Passed', FAIL: 'Failed', UNABLE: 'Unable to check', EXISTS: 'Exists', NOT_EXISTS: 'Does not exist', '1': '1 of 5', '2': '2 of 5', '3': '3 of 5', '4': '4 of 5', '5': '5 of 5' },
  step: { accept: 'Accept', locate: 'Locate', recognise: 'Recognise', match: 'Match' },
  place: { area: 'Area', component: 'Component', road: 'Road', address: 'Address' },
  ui: {
    save: 'Save', cancel: 'Cancel', close: 'Close', confirm: 'OK', delete: 'Delete', add: 'Add', search: 'Search',
    retry: 'Try again', more: 'Load more', loading: 'Loading…', none: '—', all: 'All', yes: 'Yes', no: 'No', back: 'Back', submit: 'Submit',
    required: 'Required', optional: 'Optional', download: 'Download', import: 'Import', export: 'Export', reset: 'Reset', 
  },
  time: {
    minutes: '{n} min', hours: '{n} h', days: '{n} d', hoursMinutes: '{h} h {m} min', daysHours: '{d} d {h} h',
    left: '{t} left', over: '{t} over', justNow: 'just now', ago: '{t} ago', working: '{t} of working time',
  },
  problem: {
    trace: 'Trace id for the operator:', network: 'The server cannot be reached', networkDetail: 'Check the network; the connection comes back by itself.',
    http: 'The request did not succeed', console: 'This page failed', httpDetail: 'The server answered {status}.',
    forbidden: 'No permission', forbiddenDetail: 'Your present position may not see this page.',
  },
}
