import type { CaseStage, DueState } from './cases'
import type { UnitKind } from './people'
import type { AreaLevel } from './places'

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
