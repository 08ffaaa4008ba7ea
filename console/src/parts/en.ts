export default {
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
