export default {
  title: 'Watch rules', nav: 'Rules', add: 'New rule', empty: 'There are no watch rules yet', emptyHint: 'A rule says which devices are watched, and when a warning of which grade is given',
  column: { rule: 'Rule', type: 'Type of device', area: 'Where', state: 'State', live: 'Live warnings', changed: 'Last changed' }, everywhere: 'Everywhere',
  state: { DRAFT: 'Draft', PUBLISHED: 'At work', REPLACED: 'Replaced', WITHDRAWN: 'Withdrawn' }, version: 'version {n}', draftBeside: 'and a draft',
  by: '{name}, {at}',
  form: {
    what: 'What is watched', id: 'Id', idHint: 'Small letters, digits and hyphens; stays once saved', nameZh: 'Chinese name', nameEn: 'English name', type: 'Type of device', area: 'Area', areaHint: 'None: everywhere', group: 'Group', groupHint: 'Only this group',
    per: 'A warning is about', perThing: 'each device', perGroup: 'each group', values: 'Values it uses', input: 'Current value', from: { SUBJECT: 'its own', GROUP: 'of its group', AREA: 'of its area' }, window: 'Over a time', learned: 'What is usual', sequence: 'One after the other',
    name: 'Name', of: 'Of', over: 'Length', addInput: 'Add a value', addWindow: 'Add a window', addLearned: 'Add what is usual', measure: { AVG: 'average', MIN: 'least', MAX: 'greatest', SUM: 'sum', COUNT: 'count', RATE: 'change', MISSING: 'nothing heard' },
    method: { BASELINE: 'off its daily course', CHANGE: 'change of level', RESIDUAL: 'values do not fit' }, ladder: 'Grades', on: 'Give this grade', when: 'Condition', hold: 'For', until: 'Until', untilHold: 'for', quiet: 'Quiet after', timeHint: 'such as 30s, 5m, 1h',
    words: 'Condition as text', pick: 'Condition by value', reasonZh: 'Reason (Chinese)', reasonEn: 'Reason (English)', reasonHint: 'Names in braces, such as {hint}; left out, it is made from the condition', manner: 'What becomes of a warning', category: 'Category', caseFrom: 'Opens a case', caseNever: 'never', caseFromGrade: 'from {grade} on', caseKind: 'Kind of the case', caseKindHint: 'None: recognised', note: 'Note', noteHint: 'Why it is so, for those who read it later',
  },
  grade: { BLUE: 'Blue', YELLOW: 'Yellow', ORANGE: 'Orange', RED: 'Red' },
  category: { Geo: 'Geophysical', Met: 'Weather', Safety: 'Public safety', Security: 'Security', Rescue: 'Rescue', Fire: 'Fire', Health: 'Health', Env: 'Environment', Transport: 'Transport', Infra: 'Infrastructure', CBRNE: 'CBRNE', Other: 'Other' },
  document: 'Document', documentHint: 'Form and document are the same rule; change either', formWaits: 'The document has flaws; the form is back when they are mended', sound: 'No flaws', flaws: '{n} flaws', line: 'line {n}',
  save: 'Save draft', saved: 'Draft saved', publish: 'Publish', published: 'Published; at work within about a second', withdraw: 'Withdraw', withdrawAsk: 'It will watch no more, and its live warnings end. Withdraw it?', withdrawn: 'Withdrawn', discard: 'Discard draft', discardAsk: 'Throw the draft away?', unsaved: 'There are changes that are not saved. Leave anyway?',
  publishTitle: 'Publish version {n}', firstVersion: 'This is the first version', against: 'Against version {n}, which is at work', noChange: 'The document is the same', kept: 'What has not changed keeps its state, and live warnings go on.', confirmPublish: 'Publish',
  tab: { rehearse: 'Rehearsal', versions: 'Versions' }, versionUse: 'Use as draft',
  rehearse: {
    hint: 'Runs over stored history: how many warnings there would have been, and what really happened', last: 'Last', days: '{n} days', run: 'Rehearse', stop: 'Stop', progress: '{values} values read, {parties} of {of} parties of devices', stopped: 'Stopped',
    would: '{devices} devices: {n} warnings would have been given', none: '{devices} devices: no warning would have been given', peak: '{n} {grade}', held: '{n} more were held back by the quiet', read: '{values} values read in {took} s', noDevices: 'The rule covers no device, or nothing is stored of them', more: 'The first {n} are listed',
    episodes: 'Would have been', actual: 'What really happened', noActual: 'There was no real warning of these devices in this time', actualCount: '{n}', timeline: 'Time line', going: 'still', steps: { RAISED: 'raised', ESCALATED: 'up', LOWERED: 'down', ENDED: 'over' }, verdict: { REAL: 'real', FALSE: 'false alarm', MAINTENANCE: 'maintenance' },
  },
}
