export default {
  title: 'Import', nav: 'Import', what: { components: 'Components', buildings: 'Files of buildings' },
  hint: { components: 'A CSV file with a head line, in UTF-8 or GB18030. Bad rows are named with the reason, the others go on; the same file a second time changes nothing.', buildings: 'An NDJSON file, one building with its rooms, households and enterprises a line; a building of a known number becomes what the file says.' },
  choose: 'Choose a file', another: 'Another file', file: '{name}, {size}', encoding: 'Encoding', delimiter: 'Delimiter', tab: 'Tab', columns: 'What was recognised', column: 'Column of the file', field: 'Field', sample: 'Example', notUsed: 'Not taken', missing: 'Needed fields are missing: {names}',
  crs: 'Coordinate system', crsHint: 'How positions are read where no column says it',
  fields: { ident: 'Identification code', kindId: 'Code of the kind', name: 'Name', lon: 'Longitude', lat: 'Latitude', crs: 'Coordinate system', ownerCode: 'Code of the unit in charge', state: 'State', accuracy: 'Accuracy', source: 'Source', recordedOn: 'First recorded', changedOn: 'Last changed' },
  trial: 'Try it', trialHint: 'Checks everything and keeps nothing', run: 'Import', empty: 'The file has no rows', buildingsFound: '{n} lines',
  phase: { read: 'Reading the file', send: 'Sending', check: 'The server checks and writes; a large file takes minutes', batch: 'Importing in batches' }, leave: 'The import is not done. Leave anyway?',
  done: 'Imported', doneTrial: 'Tried; nothing was changed', read: 'Read', added: 'Added', changed: 'Changed', unchanged: 'Unchanged', rejected: 'Rejected', accepted: 'Imported', took: '{n} s',
  rejects: 'Rejected rows', rejectsSave: 'Download rejects', row: 'Row', value: 'Value', reason: 'Reason', moreRejects: '{n} more are in the file of rejects', allGood: 'No row was rejected', warning: 'Check the coordinate system first',
  warningSays: 'Read as {declared}, half of the positions lie within {a} m of the roads or of known components; as {likely}, within {b} m. The file is likely in {likely}.',
  stopped: 'The import stopped: the first {n} buildings are in, the others are not',
}
