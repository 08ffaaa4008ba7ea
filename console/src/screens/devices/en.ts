export default {
  title: 'Devices', nav: 'Devices', device: 'Device', types: 'Types of devices',
  search: 'Name or code', type: 'Type', anyType: 'All types', area: 'Area', group: 'Group', unit: 'Unit in charge', source: 'Source', code: 'Code', name: 'Name', state: 'State', seen: 'Last heard', never: 'Never', place: 'Area', noArea: 'In none of the areas',
  all: 'All', states: { NEW: 'New', ONLINE: 'Online', SILENT: 'Silent', FAULTY: 'Faulty' }, disabled: 'Disabled', enabled: 'Enabled', enable: 'Enable', disable: 'Disable',
  none: 'No devices', noneHint: 'Try another filter; the system administrator registers or imports devices.',
  add: 'Register a device', edit: 'Edit', save: 'Save', saved: 'Saved', longitude: 'Longitude', latitude: 'Latitude', component: 'Code of its component', building: 'Number of its building', unitCode: 'Code of the unit in charge', codeHint: 'Letters, digits or . _ : -; it never changes',
  import: 'Import devices', importHint: 'CSV in UTF-8 with a header of field names, or NDJSON. Fields: code, type, name, lon, lat, crs, group, component, building, unit, source, enabled. Known devices are brought up to date by their code; what a file does not say stays.', choose: 'Choose a file', importing: 'Importing, {n}%',
  imported: 'Read {read} rows: {added} added, {changed} changed, {unchanged} unchanged, {rejected} not taken', row: 'Row', reason: 'Reason', field: 'Field',
  values: 'Latest values', noValue: 'No data yet', range: 'Range', day: 'A day', week: 'A week', chart: 'Course', noChart: 'No data in this time', average: 'Mean', highest: 'Highest', lowest: 'Lowest',
  secret: 'Secret', secretHas: 'Issued', secretNone: 'None: the device cannot speak for itself', issue: 'Issue a secret', reissue: 'Issue anew', revoke: 'Revoke', issued: 'The new secret, shown this once: put it into the device now', issueAsk: 'The secret it has now stops working at once.', revokeAsk: 'The device can report no more.', copy: 'Copy', copied: 'Copied',
  remove: 'Delete', removeAsk: 'Delete device {code}? One with observations can only be disabled.', removed: 'Deleted',
  commands: 'Commands', send: 'Send', why: 'Reason', noCommands: 'No command was ever given', sent: 'The command is kept and waits for the device', commandState: { PENDING: 'To be sent', SENT: 'Sent', DONE: 'Done', FAILED: 'Failed', EXPIRED: 'Expired' },
  nameZh: 'Chinese name', nameEn: 'English name', silentAfter: 'Silent after (minutes)', retention: 'Kept for (days)', properties: 'Properties', addProperty: 'Add a property', propertyName: 'Name', unitOf: 'Unit', low: 'Low', high: 'High', interval: 'Every (s)', addType: 'Add a type', removeType: 'Delete the type {name}?', every: 'every {t}', minutes: '{n} min', seconds: '{n} s', kept: 'kept {n} days',
}
