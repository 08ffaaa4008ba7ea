export default {
  title: 'Desk', queues: 'Queues', overdue: '{n} overdue', soon: '{n} due soon', filter: 'Filter', filters: 'Filter ({n})', clear: 'Clear filter', search: 'Search this queue',
  stage: 'Stage', kind: 'Kind', area: 'Area', unit: 'Unit', onlyOverdue: 'Overdue only', from: 'Reported from', to: 'to', any: 'Any',
  sort: 'Order', sortDue: 'By deadline', sortNew: 'Newest first', count: '{n} cases', countMore: '{n}+ cases', empty: 'This queue is empty', emptyHint: 'New cases appear by themselves.', emptyFilter: 'No case fits', emptyFilterHint: 'Try a wider filter.',
  signals: '{n} reports', list: 'Cases', supervised: 'Supervised', noArea: 'No place', dutyOn: 'Go on duty', dutyOff: 'Go off duty', dutyOnHint: 'Begin; who answers for the area sees where you are', dutyOffHint: 'You are on duty; end it and stop reporting your position', 
  place: {
    empty: 'No report waits for a place', emptyHint: 'Reports that could not be located appear here.', choose: 'Choose a report', chooseHint: 'Click on the map to set its place, then choose a kind.', hint: 'Click on the map or search a place', submit: 'Set place', decline: 'Decline', reason: 'Why it is declined',
    kind: 'Kind (optional: recognised otherwise)', decisions: 'What the system decided', opened: 'Opened case {no}', joined: 'Joined case {no}', declined: 'Declined', waiting: 'Still waiting for a place', at: '{lon}, {lat}',
  },
}
