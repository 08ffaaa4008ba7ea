export default {
  title: 'On duty', nav: 'Duty', own: 'My duty', on: 'On duty', off: 'Off duty', start: 'Go on duty', end: 'Go off duty', since: 'since {t}', area: 'Area',
  sharing: { no: 'Position not shared', waiting: 'Looking for the position…', yes: 'Position shared, every 30 s', refused: 'The browser does not allow it. Allow this site to use your location in its settings.', impossible: 'Not possible over this connection; open the page by HTTPS.' },
  privacy: 'Your position is shared only while you are on duty and this page is open, so that work near you can be given to you. It stops when you go off duty.', reported: 'Last reported {t}', near: '±{n} m',
  present: 'People on duty', presentN: '{n} people', none: 'Nobody is on duty now', noneHint: 'Whoever goes on duty appears here.', noPlace: 'No position shared', old: 'Position is old', search: 'Name, unit or area', noMatch: 'Nobody fits', show: 'Show on the map',
  way: 'Way', wayTitle: 'Way of {name}', wayShown: 'Way of {name}: {n} positions, {from} to {to}', wayNone: 'No positions of {name} are kept', wayClose: 'Close the way',
  plan: 'Roster', planNone: 'No shifts on this day', missing: 'Not there', here: 'On duty', later: 'Not begun', over: 'Over',
  day: 'Day', before: 'The day before', after: 'The day after', today: 'Today', add: 'Plan shifts', cancel: 'Cancel shift', cancelAsk: 'Cancel the shift of {name} from {from} to {to}?',
  form: {
    title: 'Plan shifts', area: 'Area', unit: 'Unit', unitFirst: 'Choose the unit first', person: 'Person', first: 'First day', last: 'Last day', begin: 'Begins', end: 'Ends', nextDay: 'on the next day', week: 'On these days of the week', note: 'Note',
    weekday: { 0: 'Sun', 1: 'Mon', 2: 'Tue', 3: 'Wed', 4: 'Thu', 5: 'Fri', 6: 'Sat' }, order: 'The last day is before the first', tooMany: 'At most {n} days at once', save: 'Save the shift', saveN: 'Save {n} shifts',
  },
}
