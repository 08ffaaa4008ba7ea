export default {
  title: 'Building', register: 'Register of buildings', nav: 'Buildings',
  search: 'Name or address', areas: 'Areas below', allAreas: 'All areas', buildings: 'Buildings', rooms: 'Rooms', households: 'Households', enterprises: 'Enterprises', caredFor: 'Cared for',
  none: 'No buildings', noneHint: 'Try another area or word; the system administrator takes over files of buildings under “Import”.', noneHere: 'No files of buildings in this area yet', count: '{n} buildings', whole: 'Total',
  use: { RESIDENTIAL: 'Residential', OFFICE: 'Offices', SHOP: 'Shops', MIXED: 'Mixed', PUBLIC: 'Public', INDUSTRIAL: 'Industrial', OTHER: 'Other' },
  occupancy: { OWNER: 'Owner', RENTED: 'Rented', BUSINESS: 'Business', VACANT: 'Vacant', UNKNOWN: 'Unknown' },
  name: 'Name', address: 'Address', useOf: 'Use', floors: 'Floors', floorsN: '1 floor | {n} floors', built: 'Built', height: 'Height', metres: '{n} m', ident: 'Number', area: 'Area',
  stack: 'Floors and rooms', floor: 'Floor {n}', below: 'Basement {n}', noFloor: 'No floor', roomsN: '1 room | {n} rooms', noRooms: 'No rooms on file', onlyKnown: 'Only rooms with a household or an enterprise are shown', chosen: 'Room {n}', wholeBuilding: 'All rooms',
  members: '1 person | {n} people', noHouseholds: 'No household on file', noHouseholdsRoom: 'No household on file in this room', hidden: 'Your position does not see households', reveal: 'Show', revealTitle: 'Household in {room}', revealEnterprise: 'Contact of {name}', head: 'Head', phone: 'Telephone', contact: 'Contact', sealed: 'These data do not open; tell an administrator',
  noEnterprises: 'No enterprise on file', uscc: 'Credit code', trade: 'Trade', room: 'Room',
  care: 'Special care', noCare: 'No household in need of special care', careN: '1 household | {n} households',
  near: 'Within {n} m', nearCases: 'Open cases', nearComponents: 'Components', noCases: 'No open cases', nearMore: 'Show in the cockpit', others: '{n} more kinds', report: 'Report a problem here',
}
