export default {
  about: 'About component', clearComponent: 'Not about this component',
  before: 'Reported before?', beforeNone: 'Nobody with this number reported within your area.',
  title: 'File a report', nav: 'File', place: 'Place', placeHint: 'Click on the map, or search a place', kind: 'Kind', kindHint: 'Recognised from the text if left open', description: 'What is wrong', descriptionHint: 'What is seen, where, and what it affects',
  photos: 'Photos', exif: 'The photo carries a position ({lon}, {lat}).', exifUse: 'Use it as the place', address: 'Address', addressHint: 'e.g. east of building 3', reporter: 'Reporter (optional)', name: 'Name', phone: 'Phone', confidential: 'Keep confidential',
  urgency: 'Urgency', submit: 'Submit', another: 'File another', openCase: 'Open case', waiting: 'Waits for a place', openedTitle: 'A new case was opened', joinedTitle: 'It joined an open case', waitingTitle: 'Taken; a person will set its place',
  decisions: 'How the system decided', tracking: 'Tracking code', noPlace: 'No place chosen: a person will set it afterwards', clearPlace: 'Clear place', point: '{lon}, {lat}',
}
