export default {
  grade: { RED: 'Red', ORANGE: 'Orange', YELLOW: 'Yellow', BLUE: 'Blue' },
  reveal: {
    purpose: 'Needed for', reason: 'Reason, 5 to 200 characters', show: 'Show', nothing: 'Nothing was left', left: 'Hidden again in {n} s.',
    notice: 'This look is recorded with your name, the time, the purpose and the reason, and the audit administrators read it.',
  },
  purpose: { CALL_BACK: 'Calling back about this case', FIND: 'Finding the place or person', EMERGENCY: 'Danger to life or property', COMPLAINT: 'Complaint about the handling', CORRECTION: 'Correcting what is on record', BY_LAW: 'Request by law' },
  cases: { open: 'Open', past: 'Closed' },
  lightbox: { label: 'Photo', previous: 'Previous', next: 'Next' },
  photos: { add: 'Add photos', remove: 'Remove photo', uploading: 'Uploading {percent}%', },
  kind: { label: 'Kind', placeholder: 'Search by name or code' },
  unit: { label: 'Unit', placeholder: 'Search units' },
  map: { failed: 'This browser cannot show the map (it needs WebGL)', zoomIn: 'Zoom in', zoomOut: 'Zoom out', label: 'Map' },
  place: { search: 'Search areas, roads, components' },
  area: { label: 'Area' },
  person: { label: 'Person', placeholder: 'Choose a person' },
  case: { label: 'Case', placeholder: 'Search by number or text' },
}
