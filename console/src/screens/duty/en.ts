export default {
  title: 'On duty', nav: 'Duty', own: 'My duty', on: 'On duty', off: 'Off duty', start: 'Go on duty', end: 'Go off duty', since: 'since {t}', area: 'Area',
  sharing: { no: 'Position not shared', waiting: 'Looking for the position…', yes: 'Position shared, every 30 s', refused: 'The browser does not allow it. Allow this site to use your location in its settings.', impossible: 'Not possible over this connection; open the page by HTTPS.' },
  privacy: 'Your position is shared only while you are on duty and this page is open, so that work near you can be given to you. It stops when you go off duty.', reported: 'Last reported {t}', near: '±{n} m',
  present: 'People on duty', presentN: '{n} people', none: 'Nobody is on duty now', noneHint: 'Whoever goes on duty appears here.', noPlace: 'No position shared', old: 'Position is old', search: 'Name, unit or area', noMatch: 'Nobody fits', show: 'Show on the map',
  way: 'Way', wayTitle: 'Way of {name}', wayShown: 'Way of {name}: {n} positions, {from} to {to}', wayNone: 'No positions of {name} are kept', wayClose: 'Close the way',
  plan: 'Planned today', planNone: 'No shifts today', missing: 'Not there', here: 'On duty', later: 'Not begun', over: 'Over',
}
