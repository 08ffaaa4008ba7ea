// Written by hand after the HTTP API; `npm run types` writes schema.d.ts from the server's own document beside it.

export interface Slice<T> {
  items: T[]
  next: string | null
}

export const PERMISSIONS = [
  'CASE_READ', 'CASE_WORK', 'CASE_MERGE', 'SIGNAL_READ', 'SIGNAL_REPORT', 'SIGNAL_TRIAGE', 'SIGNAL_IMPORT',
  'PERSONAL_DATA_REVEAL', 'PLACE_READ', 'PLACE_EDIT', 'BUILDING_READ', 'BUILDING_EDIT', 'HOUSEHOLD_READ', 'CATALOGUE_EDIT', 'CALENDAR_EDIT', 'MATRIX_READ', 'MATRIX_EDIT',
  'EVALUATION_READ', 'EVALUATION_EXPORT', 'MAP_EXPORT', 'UNIT_READ', 'UNIT_EDIT', 'PERSON_READ', 'PERSON_EDIT', 'GRANT_EDIT',
  'API_KEY_EDIT', 'AUDIT_READ', 'METRICS_READ', 'LIVE', 'SELF', 'DUTY_READ', 'ROSTER_EDIT',
  'SENSING_READ', 'DEVICE_EDIT', 'DEVICE_COMMAND', 'OBSERVATION_WRITE', 'RULE_EDIT', 'WARNING_WORK', 'VITALS_READ', 'VITALS_EDIT',
] as const
export type Permission = (typeof PERMISSIONS)[number]

export const ROLES = [
  'COLLECTOR', 'ACCEPTOR', 'SHIFT_LEADER', 'DISPATCHER', 'HANDLER', 'VERIFIER', 'EVALUATOR', 'LEADER',
  'SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN',
] as const
export type Role = (typeof ROLES)[number]

export interface Position {
  id: number
  role: Role
  unitId: number
  unitName: string
  areaCode: string
  areaName?: string | null
}

export interface Me {
  personId: number
  login: string
  name: string
  mustChangePassword: boolean
  position: Position | null
  positions: Position[]
  permissions: Permission[]
  locale?: string | null
}

export type UnitKind = 'CENTRE' | 'DEPARTMENT' | 'STREET_OFFICE' | 'COMMUNITY' | 'ENTERPRISE'
export type Stationing = 'NONE' | 'WHOLE' | 'REGULAR' | 'TEMPORARY'

export interface Unit {
  id: number
  code: string
  name: string
  kind: UnitKind
  parentId: number | null
  areaCode: string
  stationing: Stationing
  stationedUntil: string | null
  active: boolean
}

/** Whom a task can be given to (`/api/units/{id}/people`). */
export interface Colleague {
  id: number
  name: string
  role: Role
  unitId: number
  unitName: string
}

export interface Person {
  id: number
  login: string
  name: string
  phone: string | null
  active: boolean
  lockedUntil: string | null
  positions: Position[]
}

export type AreaLevel = 'CITY' | 'DISTRICT' | 'STREET' | 'COMMUNITY' | 'UNIT_GRID'
export interface Area {
  code: string
  parentCode: string | null
  level: AreaLevel
  name: string
  nameEn?: string | null
  center: [number, number] | null
}

/** Where a point lies: the chain from the city down to the unit grid. */
export interface Spot {
  cell?: unknown
  unitGrid: Area | null
  community: Area | null
  street: Area | null
  district: Area | null
  city: Area | null
}

export interface FoundPlace {
  kind: 'area' | 'component' | 'road' | 'address'
  name: string
  lon: number
  lat: number
  areaCode: string | null
}

export type KindFamily = 'COMPONENT' | 'MATTER'
export interface Kind {
  id: string
  standardRef: string
  family: KindFamily
  code: string
  nameZh: string
  nameEn: string | null
  majorZh: string | null
  majorEn: string | null
  keywords: string[]
  validFrom: string | null
  validTo: string | null
  extension: boolean
}

/** The base map as TileJSON. */
export interface Basemap {
  revision: string
  tiles: string[]
  minzoom: number
  maxzoom: number
  vector_layers: { id: string }[]
  /** Whom to name beside the map; empty for our own data. */
  attribution: string
}

export const STAGES = [
  'REPORTED', 'ACCEPTED', 'VERIFYING', 'VERIFIED', 'FILED', 'DISPATCHED', 'RECEIVED', 'DISPOSED', 'CHECKED', 'CLOSED',
  'EVALUATED', 'NOT_ACCEPTED', 'VOID',
] as const
export type CaseStage = (typeof STAGES)[number]

export const ACTIONS = [
  'OPEN', 'IMPORT', 'ACCEPT', 'DECLINE', 'REQUEST_VERIFICATION', 'VERIFY', 'FILE', 'DISPATCH', 'RECEIVE', 'RETURN',
  'ASSIGN', 'DISPOSE', 'CHECK', 'CLOSE', 'EVALUATE', 'REQUEST_EXTENSION', 'DECIDE_EXTENSION', 'SUSPEND',
  'DECIDE_SUSPENSION', 'RESUME', 'SUPERVISE', 'URGE', 'VOID', 'REQUEST_FORCED_CLOSURE', 'DECIDE_FORCED_CLOSURE',
  'REOPEN', 'CLASSIFY', 'RELOCATE', 'JOIN_SIGNAL', 'SPLIT', 'MERGE', 'NOTE',
] as const
export type CaseAction = (typeof ACTIONS)[number]

export type DueState = 'OK' | 'SOON' | 'OVERDUE' | 'PAUSED' | 'NONE'

export const QUEUES = [
  'place', 'accept', 'verify', 'file', 'dispatch', 'handle', 'approve', 'check', 'close', 'evaluate', 'mine', 'overdue', 'soon', 'all',
] as const
export type QueueName = (typeof QUEUES)[number]

export interface QueueCount {
  queue: QueueName
  count: number
  overdue: number
  soon: number
}

export interface CaseRow {
  id: number
  caseNo: string
  stage: CaseStage
  title: string
  kindId: string | null
  kindName: string | null
  areaCode: string | null
  areaName: string | null
  address: string | null
  lon: number | null
  lat: number | null
  urgency: string | null
  reportedAt: string
  dueAt: string | null
  dueState: DueState
  remainingMinutes: number | null
  leadUnitId: number | null
  leadUnitName: string | null
  assigneeName: string | null
  signalCount: number
  supervised: boolean
  suspended: boolean
  thumbnail: string | null
  version: number
}

export interface CaseSignal {
  id: number
  channel: string
  description: string
  receivedAt: string
  media: string[]
  /** Why it joined this case, in words. */
  why: string | null
  /** Of the warning that it came from. */
  warningId?: string | null
}

export interface CaseStep {
  id: number
  seq: number
  action: CaseAction
  fromStage: CaseStage | null
  toStage: CaseStage | null
  at: string
  personName: string | null
  role: Role | null
  unitName: string | null
  elapsedWorkingMinutes: number | null
  late: boolean
  opinion: string | null
  media: string[]
  details: Record<string, unknown> | null
}

export interface ActionField {
  name: string
  type: string
  required: boolean
  options?: string[]
}

/** A step that the viewer may take now, or why not. */
export interface OfferedAction {
  action: CaseAction
  label?: string
  fields: ActionField[]
  reasonDisabled?: string | null
}

/** A request that waits; `action` is the one that decides it. */
export interface PendingRequest {
  id: number
  kind: 'EXTENSION' | 'SUSPENSION' | 'FORCED_CLOSURE'
  action: CaseAction
  reason: string | null
  minutes: number | null
  by: string | null
  at: string
}

export interface SuggestedUnit {
  id: number
  name: string
  why?: string | null
}
export interface DispatchSuggestion {
  leadUnit: SuggestedUnit | null
  assistUnits: SuggestedUnit[]
  why: string
  alternatives: SuggestedUnit[]
}

export interface CaseDetail extends CaseRow {
  description: string
  chain: Area[]
  assigneeId?: number | null
  assistUnitNames?: string[]
  assistUnitIds?: number[]
  componentIdent?: string | null
  sourceChannel?: string | null
  limits?: unknown
  counts?: Record<'rework' | 'return' | 'extension' | 'suspension' | 'urge' | 'reopen', number>
  citizenRating?: string | null
  timestamps?: Record<string, string | null>
  signals: CaseSignal[]
  steps: CaseStep[]
  actions: OfferedAction[]
  pending: PendingRequest[]
  dispatchSuggestion?: DispatchSuggestion | null
}

export interface StepCommand {
  action: CaseAction
  version: number
  [field: string]: unknown
}

export interface Decision {
  step: 'accept' | 'locate' | 'recognise' | 'match' | string
  outcome: string
  why: string
  at: string
}

export interface SignalDraft {
  channel?: string
  kindId?: string | null
  title?: string
  description: string
  lon?: number | null
  lat?: number | null
  crs?: string
  address?: string
  areaCode?: string
  componentIdent?: string
  urgency?: string
  reporter?: { name?: string; phone?: string; email?: string; confidential?: boolean }
  media: string[]
}

export interface Accepted {
  signalId: number
  trackingCode: string | null
  outcome: 'WAITING_PLACE' | 'OPENED' | 'JOINED'
  caseId: number | null
  caseNo: string | null
  decisions: Decision[]
}

export interface Signal {
  id: number
  channel: string
  state: string
  title?: string | null
  description: string
  address: string | null
  areaCode: string | null
  areaName?: string | null
  kindId: string | null
  kindName?: string | null
  receivedAt: string
  media: string[]
  decisions?: Decision[]
  caseId?: number | null
  lon?: number | null
  lat?: number | null
  caseNo: string | null
}

export interface Media {
  sha256: string
  contentType: string
  bytes: number
  width: number | null
  height: number | null
  takenAt: string | null
  lon: number | null
  lat: number | null
}

export interface CaseNotice {
  caseId: number
  caseNo: string
  stage: CaseStage
  action: CaseAction
  areaCode: string
  at: string
}
export interface SignalNotice {
  signalId: number
  state: string
}

/** A layer that the viewer may see (`/api/map/layers`). */
export interface MapLayer {
  id: string
  titleZh: string
  titleEn: string
  shape: 'POINT' | 'LINE' | 'AREA'
  minZoom: number
  /** From this zoom on tiles carry the things themselves, below it cells with counts. */
  objectZoom: number
  timed: boolean
  /** Type of the live notice that says its content changed. */
  live: string | null
  /** In a tile's address it lets the browser keep the tile until the content changes. */
  revision: string
  tiles: string
}
export interface MapOverlay {
  id: string
  titleZh: string
  titleEn: string
  type: 'xyz' | 'wmts'
  url: string
  attribution: string
}
export interface MapLayers {
  layers: MapLayer[]
  overlays: MapOverlay[]
}

/** How many of a kind; `worst` is the highest grade among them, 0 (nothing wrong) to 4 (red). */
export interface MapKindCount {
  kind: string
  titleZh: string
  titleEn: string
  count: number
  worst: number
}
export interface MapLayerCount {
  id: string
  titleZh: string
  titleEn: string
  count: number
  worst: number
  kinds: MapKindCount[]
}
export interface SearchHit {
  type: string
  id: string
  titleZh: string
  titleEn: string
  detail: string | null
  lon: number | null
  lat: number | null
  score: number
}

/** A part of the surface as the map is asked for it. */
export type RegionBody = { circle: { lon: number; lat: number; radius: number } } | { polygon: { type: 'Polygon'; coordinates: number[][][] } } | { area: string }

/** What lies inside a region (`/api/map/inside`). */
export interface Inside {
  region: { areaKm2?: number }
  layers: MapLayerCount[]
  units: { id: number; name: string; kind: UnitKind; areaName: string | null; why: ('PLACE' | 'CASES')[]; count: number }[]
  onDuty: number
  elapsedMillis: number
}
/** What happened in a region before. */
export interface MapHistory {
  total: number
  months: { kind: string; titleZh: string; titleEn: string; month: string; count: number }[]
  repeats: { kind: string; titleZh: string; titleEn: string; lon: number; lat: number; count: number; last: string; ids: number[] }[]
}
export interface FigureName {
  id: string
  titleZh: string
  titleEn: string
}
export interface AreaFigure {
  code: string
  name: string
  nameEn?: string | null
  level: AreaLevel
  /** [west, south, east, north]; null without a boundary. */
  bbox: [number, number, number, number] | null
  center: [number, number] | null
  figures: Record<string, number>
}
export interface AreaFigures {
  figures: FigureName[]
  chain: { code: string; name: string; nameEn?: string | null; level: AreaLevel }[]
  area: AreaFigure
  children: AreaFigure[]
}
/** A request that lists what a figure counted. */
export interface ListLink {
  path: string
  query: Record<string, string>
}
/** The figures of the cockpit's panel (`/api/map/summary`). */
export interface MapSummary {
  areaCode: string | null
  areaName: string | null
  asOf: string
  open: number
  overdue: number
  dueSoon: number
  newToday: number
  closedToday: number
  /** Of what was to be closed in the last seven days, and in the seven before; 0..1, null where nothing was. */
  onTime: { share: number | null; before: number | null }
  onDuty: number
  hotKinds: { kind: string; titleZh: string; titleEn: string; count: number; before: number; list: ListLink }[]
  urgent: UrgentCase[]
  /** By figure. */
  lists: Record<string, ListLink>
}
export interface UrgentCase {
  id: number
  caseNo: string
  title: string
  stage: CaseStage
  dueState: DueState
  lon: number | null
  lat: number | null
  areaCode: string | null
  areaName: string | null
  reportedAt: string
}

export const COMPONENT_STATES = ['INTACT', 'ABANDONED', 'DAMAGED', 'LOST', 'REMOVED'] as const
export type ComponentState = (typeof COMPONENT_STATES)[number]

/** A component of the city; its grid key is left to `/api/places/locate`, which says it as a code. */
export interface CityComponent {
  ident: string
  kindId: string
  name: string
  lon: number
  lat: number
  areaCode: string | null
  ownerCode: string | null
  state: ComponentState
  accuracy: string | null
  source: string | null
  recordedOn: string | null
  changedOn: string | null
}
export interface ComponentDetail {
  component: CityComponent
  kindName: string
  description: string | null
  /** States that may follow. */
  allowed: ComponentState[]
}
export interface ComponentEvent {
  id: number
  seq: number
  act: 'CHANGED' | 'TAKEN_BACK' | 'IMPORTED'
  from: ComponentState
  to: ComponentState
  at: string
  actorName: string | null
  reason: string | null
}

export const BUILDING_USES = ['RESIDENTIAL', 'OFFICE', 'SHOP', 'MIXED', 'PUBLIC', 'INDUSTRIAL', 'OTHER'] as const
export type BuildingUse = (typeof BUILDING_USES)[number]
export const OCCUPANCIES = ['OWNER', 'RENTED', 'BUSINESS', 'VACANT', 'UNKNOWN'] as const
export type Occupancy = (typeof OCCUPANCIES)[number]

/** A building of the register (`/api/buildings`). */
export interface Building {
  ident: string
  name: string
  address: string | null
  use: BuildingUse
  floors: number | null
  /** Metres; missing where the server does not know it. */
  height?: number | null
  built: number | null
  areaCode: string
  lon: number
  lat: number
  rooms: number
  households: number
  enterprises: number
  caredFor: number
}
export interface BuildingRoom {
  number: string
  floor: number | null
  occupancy: Occupancy
}
export interface BuildingEnterprise {
  id?: number
  name: string
  uscc: string | null
  trade: string | null
  room: string | null
  /** Masked. */
  contact?: string | null
  phone?: string | null
}
export interface CareCount {
  code: string
  nameZh: string
  nameEn: string
  grade: number
  households: number
}
export interface BuildingFile {
  building: Building
  occupancy: { occupancy: Occupancy; rooms: number }[]
  enterprises: BuildingEnterprise[]
  /** Null for whoever may not see households. */
  care: CareCount[] | null
  rooms?: BuildingRoom[]
}
/** A household, masked. */
export interface Household {
  id: number
  room: string
  occupancy: Occupancy
  members: number
  care: string[]
  head: string | null
  phone: string | null
  /** Its personal data do not open any more. */
  sealBroken?: boolean
}
export interface BuildingCount {
  areaCode: string
  buildings: number
  rooms: number
  households: number
  enterprises: number
  caredFor: number
}
