export default {
  title: 'Administration', nav: 'Admin', saved: 'Saved', active: 'Active', inactive: 'Inactive', state: 'State', until: 'until {day}', copy: 'Copy', copied: 'Copied', kept: 'I have kept it', always: 'Always',
  anyKind: 'All kinds', anyArea: 'All areas', majorClass: 'class', line: 'Line', field: 'Field', reason: 'Reason',
  section: { people: 'People', units: 'Units', matrix: 'Responsibility', calendar: 'Working calendar', limits: 'Limits', kinds: 'Catalogues', areas: 'Areas and grids', keys: 'API keys', approvals: 'Key approvals', log: 'Access log', ledger: 'Ledger' },
  people: {
    add: 'New person', search: 'Search name or user name', role: 'Role', name: 'Name', login: 'User name', loginHint: 'Lower-case letters, digits, dots and dashes, 2 to 64.', phone: 'Phone', area: 'Home area', areaHint: 'The administrators of this area look after the account; empty: your own area.',
    positions: 'Positions', signIn: 'May log in (a one-time password is made)', none: 'Nobody found', noneHint: 'Try another filter, or add a person.', sealBroken: 'Cannot be opened', lockedUntil: 'Locked until {time}', firstPassword: 'Has not changed the first password', idle: '(unit inactive or stationing over: not in force)',
    end: 'End', endAsk: 'The rights of this position end at once. Go on?', noPosition: 'No position yet: cannot work on cases.', grant: 'Grant position', scopeHint: 'The area that can be seen; empty: your own area.', own: 'Nobody changes their own rights.',
    reset: 'Reset password', resetAsk: 'Make a new one-time password for {name}? Present log-ins end.', unlock: 'Unlock', password: 'One-time password', passwordHint: 'Shown only this once. Hand it to the person; it must be changed at the first log-in.',
  },
  units: {
    add: 'New unit', below: 'Add below', search: 'Search name or code', name: 'Name', code: 'Code', codeHint: 'Unique in the city.', kind: 'Type', parent: 'Belongs to', stationing: 'Stationing', stationingHint: 'At the operations centre: as a whole, regularly or for a time.', stationedUntil: 'Stationed until',
    none: 'No units', noneHint: 'Add the operations centre first, then departments and street offices.',
  },
  matrix: {
    rules: 'Rules', switches: 'Automatic dispatch', add: 'New rule', rule: 'Rule {id}', import: 'Import CSV', imported: '{read} lines read: {accepted} accepted ({created} new, {changed} changed, {unchanged} the same), {rejected} rejected.',
    none: 'No rules', noneHint: 'Cases without a rule go to a dispatcher, with the nearest suggestions.', hours: 'Hours', lead: 'Lead unit', assist: 'Assisting units', valid: 'Valid', from: 'Valid from', to: 'Valid to', areaHint: 'The rule holds in this area and all below; empty: everywhere.',
    removeAsk: 'Cases will no longer be dispatched by this rule. Go on?', switchHint: 'Where it is on, filed cases of this kind in this area are dispatched by their rule at once, with the reason; elsewhere the rule only suggests.', noSwitch: 'All kinds are dispatched by people', automatic: 'Automatic', turnOn: 'Turn on', ownArea: 'Your own area',
  },
  hours: { ANY: 'Any time', WORKING: 'Working hours', OFF: 'Outside working hours' },
  shipped: { limits: 'Sample, after local practice as recalled; not a standard’s table', calendar: 'State Council notice of 4 November 2025 on the public holidays of 2026', by: 'came with the software' },
  calendar: {
    add: 'New version', earlier: 'Year before', later: 'Year after', work: 'Workday', rest: 'Rest day', holiday: 'Holiday', makeup: 'Make-up workday', none: 'No calendar', editing: 'Click a day to switch it: workday ↔ holiday, rest day ↔ make-up workday.', from: 'First day', to: 'Last day', shifts: 'Shifts', open: 'Opens', close: 'Closes', addShift: 'Add a shift',
    source: 'Source', sourceHint: 'For example the notice on public holidays.', counts: '{holidays} holidays, {makeup} make-up workdays', versions: 'Versions (newer ones win)', number: 'Version {n}', changed: 'Changed', zone: 'Time zone', recomputed: 'The deadlines of {n} open cases were computed anew.',
  },
  limits: {
    add: 'New limit', hint: 'For what begins from now on; a limit once granted stays. The most specific kind wins.', stages: 'Stages of the centre', disposal: 'Handling by kind', act: 'Stage', urgency: 'Urgency', limit: 'Limit', clock: 'Clock', continuous: 'Continuous (nights and holidays count)', working: 'Working time', filing: 'Condition of filing', closing: 'Condition of closing',
    source: 'Source', none: 'No limits', patternHint: 'One kind, a large class, or all kinds.', unit: 'Unit', minutes: 'Minutes',
  },
  limitUnit: { URGENT_HOUR: 'hours on the clock', WORKING_HOUR: 'working hours', WORKING_DAY: 'workdays', WORKING_DAY_END: 'workdays (to the end of the last)', NATURAL_DAY: 'days' },
  kinds: {
    add: 'New kind', none: 'No such kind', family: 'Component / matter', standard: 'Standard', code: 'Code', name: 'Name', major: 'Large class', own: 'Own', fixed: 'A kind of the standard cannot be changed.', standardHint: 'A standard, extended within its codes; or the name of a local catalogue such as boston311.', codeHint: 'Classes 080 to 999 of a standard, assigned downward; lower-case letters, digits and dashes in a local catalogue.',
    nameZh: 'Name in Chinese', nameEn: 'Name in English', majorZh: 'Large class in Chinese', majorEn: 'Large class in English', keywords: 'Keywords', keywordsHint: 'The kind is recognised by them in texts; Enter adds one.', validTo: 'Ends on',
  },
  areas: {
    import: 'Import GeoJSON', crs: 'Coordinate system', hint: 'The file is checked as a whole: unit grids cover their community without gap or overlap. One fault, and nothing is imported.', imported: '{read} areas read: {added} new, {changed} changed, {unchanged} the same.', feature: 'No.', code: 'Code', fault: 'Fault', moreFaults: '{n} more faults are not listed.',
    none: 'No areas yet', noneHint: 'Import the boundaries of city, districts, streets, communities and unit grids.', search: 'Search name or code', notFound: 'Nothing found', choose: 'Choose an area', noBoundary: 'No boundary', noJson: 'This is not a JSON file',
  },
  keys: {
    add: 'New key', none: 'No keys', noneHint: 'Other systems use the API with a key.', name: 'Used by', nameHint: 'Say which system uses it.', channels: 'Channels', channelsHint: 'By which channels its reports come, such as Hotline; empty: Partner system.', sources: 'Source systems', sourcesHint: 'Systems whose numbers it brings, the usual one first; empty: its own name.', any: 'Any (made before keys were bound; replace it)', prefix: 'Prefix', permissions: 'Permissions', expires: 'Expires', never: 'Never', revoked: 'Revoked {at}', revoke: 'Revoke', revokeAsk: '“{name}” stops working at once. Go on?', withEnded: 'Ended ones too',
    operator: 'operator', areaHint: 'Reaches only data of this area; empty: your own area.', unitHint: 'Reaches only cases of this unit; empty: of all units.', secret: 'API key', secretHint: 'Shown only this once. Keep it safe.',
    permissionsHint: 'What the system administrator holds, the system administrator approves before the key works.', secretWaits: 'It works once approved by: {by}.', waits: 'waiting', waitsFor: 'Does not work before it is approved by: {by}', approved: 'approved', notApproved: 'not approved', refused: 'Not approved: {why}', or: ' or ',
  },
  approvals: {
    hint: 'Keys made by the security administrator that hold your permissions work once you approve them.', none: 'No keys wait for approval', noneHint: 'Keys that need your approval are listed here.', asked: 'To be approved', others: 'Other permissions', madeBy: 'Made by', approve: 'Approve', approveAsk: '“{name}” may use these permissions at once. Go on?',
    refuse: 'Refuse', refuseTitle: 'Refuse “{name}”', refuseHint: 'The key ends; the security administrator sees the reason.',
  },
  log: { act: 'Act', from: 'From', to: 'To', refresh: 'Refresh', none: 'No entries', at: 'At', actor: 'Who', object: 'Object', address: 'Address', details: 'Details', refused: 'refused' },
  ledger: {
    hint: 'Every act is written down and sealed into a signed tree. Keep a head elsewhere from time to time: with it ./citywide ledger verify --since-head shows that nothing before it was changed.',
    keep: 'Download the head', none: 'Nothing is sealed yet', size: 'Entries', root: 'Root', key: 'Key', suite: 'Algorithms', id: 'Ledger', heads: 'Last heads', ED25519_SHA256: 'Ed25519 with SHA-256', SM2_SM3: 'SM2 with SM3',
  },
  act: {
    session_opened: 'Logged in', session_refused: 'Log-in refused', password_changed: 'Changed the password', password_refused: 'Password change refused', password_reset: 'Reset a password', person_created: 'Added a person', person_changed: 'Changed a person', person_unlocked: 'Unlocked an account', position_granted: 'Granted a position', position_ended: 'Ended a position',
    personal_data_revealed: 'Saw personal data', personal_data_looked_up: 'Looked for a caller', api_key_created: 'Made an API key', api_key_revoked: 'Revoked an API key', api_key_approved: 'Approved an API key', api_key_refused: 'Refused an API key', unit_created: 'Added a unit', unit_changed: 'Changed a unit', first_start: 'First start',
    evaluation_exported: 'Exported an evaluation', matrix_added: 'Added a rule of dispatch', matrix_changed: 'Changed a rule of dispatch', matrix_removed: 'Removed a rule of dispatch', matrix_switched: 'Switched automatic dispatch', calendar_changed: 'Changed the working calendar', limits_changed: 'Changed the limits', catalogue_added: 'Added a kind', catalogue_changed: 'Changed a kind', areas_imported: 'Imported areas', components_imported: 'Imported components', basemap_imported: 'Imported a base map',
    buildings_imported: 'Imported buildings', map_exported: 'Exported map layers', warnings_exported: 'Exported warnings', observations_exported: 'Exported observations', signal_declined: 'Declined a report', device_registered: 'Registered a device', device_changed: 'Changed a device', device_deleted: 'Deleted a device', devices_imported: 'Imported devices', device_secret_issued: 'Issued a device secret', device_secret_revoked: 'Revoked a device secret', device_command: 'Told a device', device_answered: 'A device answered',
    device_type_added: 'Added a type of devices', device_type_changed: 'Changed a type of devices', device_type_deleted: 'Deleted a type of devices', sensing_sta_created: 'Created over SensorThings', sensing_sta_changed: 'Changed over SensorThings', sensing_sta_deleted: 'Deleted over SensorThings', source_changed: 'Changed a source', rule_published: 'Published a watch rule', rule_withdrawn: 'Withdrew a watch rule',
    warning_route_added: 'Added a route of warnings', warning_route_changed: 'Changed a route of warnings', warning_route_removed: 'Removed a route of warnings', warning_route_secret: 'Renewed the secret of a webhook', warning_push_on: 'Browser push on', warning_push_off: 'Browser push off', camera_class_put: 'Set a camera class', camera_consent_given: 'Allowed checks by camera', camera_consent_withdrawn: 'No longer allowed checks by camera',
    vitals_added: 'Added an indicator', vitals_changed: 'Changed an indicator', vitals_entered: 'Entered a value',
  },
  detail: {
    purpose: 'Purpose', reason: 'Reason', why: 'Why', name: 'Name', nameZh: 'Name', login: 'Login', role: 'Role', position: 'Position', unit: 'Unit', area: 'Area', areaCode: 'Code of the area', permissions: 'Permissions', awaits: 'To be approved', channels: 'Channels', sources: 'Source systems', holder: 'Holder', version: 'Version', rule: 'Rule', code: 'Code', kind: 'Kind', type: 'Type', class: 'Class', source: 'Source', channel: 'Channel', command: 'Command', grade: 'Grade', gradeFrom: 'From grade', level: 'Level',
    from: 'From', to: 'To', month: 'Month', format: 'Format', by: 'By', found: 'Found', rows: 'Rows', read: 'Read', added: 'Added', changed: 'Changed', unchanged: 'Unchanged', rejected: 'Not taken', refused: 'Refused', accepted: 'Accepted', active: 'Active', revoked: 'Revoked', devices: 'Devices', components: 'Components', buildings: 'Buildings', areas: 'Areas', silentAfterSeconds: 'Silent after (s)', recomputed: 'Computed anew',
  },
  why: { credentials: 'Wrong login or password', locked: 'The account is locked' },
  permission: {
    SIGNAL_REPORT: 'Report', SIGNAL_IMPORT: 'Import reports', SIGNAL_READ: 'Read reports', CASE_READ: 'Read cases', PLACE_READ: 'Read places', PLACE_EDIT: 'Edit places', BUILDING_READ: 'Read buildings', BUILDING_EDIT: 'Edit buildings', UNIT_READ: 'Read units', UNIT_EDIT: 'Edit units', CATALOGUE_EDIT: 'Edit catalogues', CALENDAR_EDIT: 'Edit calendar and limits', MATRIX_READ: 'Read matrix', MATRIX_EDIT: 'Edit matrix',
    EVALUATION_READ: 'Read evaluation', EVALUATION_EXPORT: 'Export evaluation', MAP_EXPORT: 'Export map layers', LIVE: 'Live notices', CASE_WORK: 'Work on cases', CASE_MERGE: 'Merge and split', SIGNAL_TRIAGE: 'Triage reports', PERSONAL_DATA_REVEAL: 'See personal data', PERSON_READ: 'Read people', PERSON_EDIT: 'Edit people', GRANT_EDIT: 'Grant', API_KEY_EDIT: 'Edit API keys', API_KEY_APPROVE: 'Approve API keys', AUDIT_READ: 'Audit', METRICS_READ: 'Read metrics', SELF: 'Own settings',
    HOUSEHOLD_READ: 'Read households', DUTY_READ: 'See who is on duty', ROSTER_EDIT: 'Plan shifts', SENSING_READ: 'Read devices and warnings', DEVICE_EDIT: 'Edit devices', DEVICE_COMMAND: 'Command devices', OBSERVATION_WRITE: 'Hand in observations', RULE_EDIT: 'Edit watch rules', WARNING_WORK: 'Work on warnings', VITALS_READ: 'Read vital signs', VITALS_ENTER: 'Deliver values of indicators', VITALS_EDIT: 'Edit indicators',
  },
}
