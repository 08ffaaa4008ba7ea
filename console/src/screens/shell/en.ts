export default {
  skip: 'Skip to content', rail: 'Main navigation', missing: 'There is no such page', missingHint: 'The address may have changed.', home: 'Go to the start',
  search: 'Search number, text, address', live: 'Live', liveOff: 'Live connection lost, reconnecting',
  offline: 'Network lost: what you see may be out of date; it refreshes by itself once the network is back.',
  toEnglish: 'Switch to English', toChinese: 'Switch to Chinese', dark: 'Dark', light: 'Light', theme: 'Switch light and dark',
  positions: 'Switch position', password: 'Change password', logOut: 'Log out', keys: 'Keyboard shortcuts', menu: 'Personal menu', more: 'More',
  queueCount: '{name}: {count} cases, {overdue} overdue',
  key: {
    move: 'Next / previous', open: 'Open', search: 'Search', primary: 'Take the primary action', action: 'Choose an action by number', close: 'Close / back',
    keys: 'Show shortcuts', desk: 'Desk', map: 'Map', file: 'File a report',
  },
}
