export default {
  title: 'Case', choose: 'Choose a case', chooseHint: 'Move with j / k, Enter opens the full page.', progress: 'Progress', openPage: 'Open full page', back: 'Back to the desk', copy: 'Copy number', copied: 'Copied',
  urgent: 'Urgent', supervised: 'Supervised', suspended: 'Suspended', rework: 'Rework {n}×', returned: 'Returned {n}×',
  kind: 'Kind', area: 'Area', address: 'Address', lead: 'Lead unit', assist: 'Assisting units', assignee: 'Assignee', reportedAt: 'Reported', dueAt: 'Due', component: 'Component', channel: 'Channel', grid: 'Grid code',
  noKind: 'Kind not known', noPlace: 'No place', description: 'Description', place: 'Place', evidence: 'Photos', onMap: 'See on the map',
  signals: 'Reports ({n})', signalWhy: 'Joined because: ', firstSignal: 'First report', split: 'Split into a new case', splitHint: 'The {n} chosen reports leave this case and become a new one.', splitDone: 'Split into a new case.', select: 'Choose this report',
  reveal: 'Show reporter', reporter: { name: 'Name', phone: 'Phone', email: 'E-mail', identityNumber: 'Identity number' },
  steps: 'Course', receipt: 'Receipt', receiptHint: 'Proof that this step was taken as it stands here; checked with ./citywide ledger verify', late: 'late', system: 'System', actions: 'Next', noActions: 'Nothing to do here in your position', more: 'More', pendingTitle: 'Waiting for a decision', asks: '{name}: {action}', disabledWhy: 'Not possible: {why}',
  changed: '{by} took “{action}” at {at}; the case is now “{stage}”. It has been reloaded: please look again.', changedPlain: 'Somebody else changed the case. It has been reloaded: please look again.', done: '{action}: done', 
  suggestion: 'Suggested unit', suggestionWhy: 'Because: ', alternatives: 'Others: ', use: 'Use', noSuggestion: 'No dispatch rule fits; choose a unit.',
  choosePlace: 'Click on the map to set the place', chosenPlace: 'Chosen {lon}, {lat}', 
  field: {
    opinion: 'Opinion', reason: 'Reason', text: 'Text', kindId: 'Kind', leadUnitId: 'Lead unit', assistUnitIds: 'Assisting units', assigneeId: 'Assignee', result: 'Result', minutes: 'Duration',
    approve: 'Approve', media: 'Photos', point: 'Place', urgency: 'Urgency', address: 'Address', requestId: 'Request', otherId: 'Other case', note: 'Note', title: 'Title', 
  },
  approveYes: 'Approve', approveNo: 'Refuse', minutesHint: 'working minutes', hours: '{n} h',
  phase: { report: 'Reported', accept: 'Accepted', file: 'Filed', dispatch: 'Dispatched', handle: 'Handled', check: 'Checked', close: 'Closed' },
  detail: { minutes: 'Duration', result: 'Result', leadUnit: 'Lead unit', why: 'Because', reason: 'Reason', approve: 'Decision', caseNo: 'Case', signalId: 'Report', kindId: 'Kind' },
}
