export default {
  title: 'Report a city problem', intro: 'A photo, a place, one sentence: it takes a minute. No account needed.',
  photo: { title: 'Photos', hint: 'With a photo it goes faster. The position in a photo only helps to find the place; it is removed when the photo is stored.' },
  what: { title: 'What is wrong', label: 'Description', short: 'Description', placeholder: 'For example: the manhole cover at the corner is broken, at night nobody sees it.', missing: 'Write one sentence about the problem.' },
  where: {
    title: 'Where it is', label: 'Place', mine: 'Use my position', photo: 'Use the position of the photo', tap: 'Or tap the map.', noPosition: 'Your position could not be found. Tap the map or write the address.',
    address: 'Address or a landmark nearby', addressHint: 'For example: corner of Wangjiang Road and Wenhua Street, at the bus stop.', missing: 'Tap the place on the map, or write the address.', clear: 'Clear',
    from: { map: 'Chosen on the map', photo: 'Taken from the photo; drag the pin to correct it', device: 'Taken from your device; drag the pin to correct it' },
  },
  kind: { title: 'What kind of problem', label: 'Kind', city: 'Not sure, let the city decide', change: 'Choose again' },
  contact: { title: 'How to reach you', name: 'Name', phone: 'Phone', privacy: 'Only used if we need to ask you something; never published. Staff must state a purpose to see it, and every look is recorded.' },
  check: 'Look at what is marked above.', submit: 'Send', uploading: 'Uploading photos…', known: 'Reported before? Enter the tracking code to see how it goes', look: 'Look', code: 'Tracking code',
  thanks: 'We have it. Thank you!', opened: 'A case was opened for your report; the staff will look at it soon.', joined: 'Somebody has reported this problem already: your report has joined the same case, you will follow it together.',
  waiting: 'The staff will first find the exact place, then pass it to the unit in charge.', caseNo: 'Case number', keep: 'Keep the tracking code: with it you can see how it goes at any time, and rate the result at the end.', follow: 'See how it goes', copy: 'Copy the link', copied: 'Copied', again: 'Report another problem',
  mine: 'My report', unknown: 'There is no such tracking code', unknownHint: 'Check it and try again.', way: 'How far it has come', timeline: 'What has happened', live: 'Updated live', notLive: 'Reconnecting…',
  phase: { sent: 'We have it', looking: 'Being looked at', assigned: 'In work', fixed: 'Fixed, being checked', closed: 'Solved', off: 'Not accepted' },
  short: { sent: 'Received', looking: 'Accepted', assigned: 'In work', fixed: 'Checked', closed: 'Solved' },
  say: {
    REPORTED: 'We have received your report; the staff will look at it soon.', ACCEPTED: 'Accepted; it is being filed.', VERIFYING: 'Somebody is on the way to look at it.', VERIFIED: 'It was seen on site and is being filed.',
    FILED: 'Filed; the unit in charge is being chosen.', DISPATCHED: 'Sent to the unit in charge.', RECEIVED: 'The unit in charge has it and is at work.', DISPOSED: 'The unit in charge has finished; the result is being checked on site.',
    CHECKED: 'The check was passed; it will be closed shortly.', CLOSED: 'The problem is solved and the case closed.', EVALUATED: 'The problem is solved and the case closed.', NOT_ACCEPTED: 'This is not a matter for city operations; the reason stands below.', VOID: 'This case is void; the reason stands below.',
    WAITING_PLACE: 'Received; the staff are finding the exact place.', DECLINED: 'This report was not accepted; the reason stands below.',
  },
  moment: {
    RECEIVED: 'Your report was received', DECLINED: 'Not accepted', OPEN: 'A case was opened', IMPORT: 'Imported', ACCEPT: 'Accepted', DECLINE: 'Not accepted', FILE: 'Filed', DISPATCH: 'Sent to the unit in charge', RECEIVE: 'The unit in charge has it', DISPOSE: 'The unit in charge has finished',
    CHECK: 'The check was passed', CLOSE: 'Solved and closed', VOID: 'Void', REOPEN: 'Opened again',
  },
  rate: { title: 'Are you satisfied with the result?', YES: 'Yes', PARTLY: 'Partly', NO: 'No', words: 'Anything to add (optional)', submit: 'Send the rating', thanks: 'Thank you for rating' },
}
