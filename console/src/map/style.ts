import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import type { AreaLevel, Basemap } from '@/api/types/places'

/** Looks up a design token, e.g. `--map-water`. */
export type Token = (name: string) => string

export interface Overlay {
  sources: Record<string, SourceSpecification>
  layers: LayerSpecification[]
  /** Drawn above the base map and below boundaries and names. */
  under?: LayerSpecification[]
}

/** Zooms from which a level of areas is drawn and named. */
export const AREA_ZOOM: Record<AreaLevel, { line: number; label: number; labelEnd: number }> = {
  CITY: { line: 0, label: 0, labelEnd: 0 },
  DISTRICT: { line: 0, label: 8, labelEnd: 12.2 },
  STREET: { line: 10.5, label: 11.4, labelEnd: 14 },
  COMMUNITY: { line: 12.5, label: 13, labelEnd: 17 },
  UNIT_GRID: { line: 14.5, label: 15, labelEnd: 24 },
}

export const FONT = ['PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', 'sans-serif']
/** Browsers draw the letters themselves: no glyph host is asked. */
export const LABEL_FONT = FONT.join(',')

function width(...stops: number[]): ExpressionSpecification {
  return ['interpolate', ['exponential', 1.6], ['zoom'], ...stops] as ExpressionSpecification
}

const CLASS: ExpressionSpecification = ['coalesce', ['get', 'class'], '']
const ROAD_RANK: ExpressionSpecification = [
  'match', CLASS,
  ['motorway', 'trunk'], 3,
  ['primary', 'secondary', 'tertiary'], 2,
  'path', 0,
  1,
]
const IS_LANE: ExpressionSpecification = ['<', ROAD_RANK, 2]
function roadWidth(extra: number): ExpressionSpecification {
  const at = (zero: number, one: number, two: number, three: number): ExpressionSpecification =>
    ['match', ROAD_RANK, 3, three + extra, 2, two + extra, 1, one + extra, zero + extra] as unknown as ExpressionSpecification
  return ['interpolate', ['exponential', 1.6], ['zoom'], 10, at(0.2, 0.3, 0.7, 1.6), 13, at(0.4, 1, 2, 3.6), 16, at(1.5, 5, 8, 12), 19, at(5, 20, 30, 44)] as unknown as ExpressionSpecification
}
const IS_AREA: ExpressionSpecification = ['==', ['geometry-type'], 'Polygon']
const IS_LINE: ExpressionSpecification = ['==', ['geometry-type'], 'LineString']
const from = (layer: string) => ({ source: 'base', 'source-layer': layer })

/** Layers of our own base map; what the server has not got is left out. */
function basemapLayers(of: Set<string>, token: Token, solid: boolean): LayerSpecification[] {
  const layers: LayerSpecification[] = [{ id: 'land', type: 'background', paint: { 'background-color': token('--map-land') } }]
  if (of.has('green')) layers.push({ id: 'green', type: 'fill', ...from('green'), filter: IS_AREA, paint: { 'fill-color': token('--map-green') } })
  if (of.has('water')) {
    layers.push(
      { id: 'water', type: 'fill', ...from('water'), filter: IS_AREA, paint: { 'fill-color': token('--map-water') } },
      { id: 'water-line', type: 'line', ...from('water'), filter: IS_LINE, layout: { 'line-cap': 'round' }, paint: { 'line-color': token('--map-water'), 'line-width': width(10, 1, 14, 3, 18, 16) } },
    )
  }
  if (of.has('building')) {
    layers.push({
      id: 'buildings', type: 'fill', ...from('building'), minzoom: 13, ...(solid ? { maxzoom: 15 } : {}),
      paint: { 'fill-color': token('--map-building'), 'fill-outline-color': token('--map-road-edge') },
    })
  }
  if (of.has('rail')) {
    layers.push({
      id: 'rail', type: 'line', ...from('rail'), filter: IS_LINE,
      paint: { 'line-color': token('--map-rail'), 'line-width': width(8, 0.4, 13, 1, 18, 4), 'line-dasharray': [4, 2] },
    })
  }
  if (of.has('road')) {
    const layout = { 'line-cap': 'round' as const, 'line-join': 'round' as const }
    layers.push(
      { id: 'road-edge', type: 'line', ...from('road'), minzoom: 12, filter: IS_LINE, layout, paint: { 'line-color': token('--map-road-edge'), 'line-width': roadWidth(1.6) } },
      { id: 'road', type: 'line', ...from('road'), filter: IS_LINE, layout, paint: { 'line-color': token('--map-road'), 'line-width': roadWidth(0) } },
    )
  }
  // Above the roads, so that a tilted map shows what stands before what.
  if (of.has('building') && solid) {
    layers.push({
      id: 'buildings-solid', type: 'fill-extrusion', ...from('building'), minzoom: 15,
      paint: {
        'fill-extrusion-color': token('--map-building'), 'fill-extrusion-height': ['coalesce', ['get', 'height'], 6],
        'fill-extrusion-opacity': 0.9, 'fill-extrusion-vertical-gradient': true,
      },
    })
  }
  return layers
}

function labelLayers(of: Set<string>, token: Token, locale: string): LayerSpecification[] {
  const layers: LayerSpecification[] = []
  const name: ExpressionSpecification = locale === 'en' ? ['coalesce', ['get', 'nameEn'], ['get', 'name'], ''] : ['coalesce', ['get', 'name'], '']
  const paint = { 'text-color': token('--map-label'), 'text-halo-color': token('--map-label-halo'), 'text-halo-width': 1.4 }
  if (of.has('road')) {
    const road = { 'symbol-placement': 'line' as const, 'text-field': name, 'text-font': FONT, 'text-size': 11, 'text-max-angle': 30, 'symbol-spacing': 340 }
    layers.push(
      { id: 'road-name', type: 'symbol', ...from('road'), minzoom: 12.5, filter: ['!', IS_LANE], layout: road, paint: { ...paint, 'text-color': token('--text-3') } },
      { id: 'lane-name', type: 'symbol', ...from('road'), minzoom: 15.5, filter: IS_LANE, layout: road, paint: { ...paint, 'text-color': token('--text-3') } },
    )
  }
  if (of.has('water')) {
    layers.push({
      id: 'water-name', type: 'symbol', ...from('water'), minzoom: 11, filter: IS_AREA,
      layout: { 'text-field': name, 'text-font': FONT, 'text-size': 12 }, paint,
    })
  }
  if (of.has('place')) {
    layers.push({
      id: 'place-name', type: 'symbol', ...from('place'), minzoom: 13.2,
      layout: { 'text-field': name, 'text-font': FONT, 'text-size': 11, 'text-max-width': 8 }, paint: { ...paint, 'text-color': token('--text-2') },
    })
  }
  return layers
}

export const AREA_LEVELS: AreaLevel[] = ['DISTRICT', 'STREET', 'COMMUNITY', 'UNIT_GRID']

function areaLayers(token: Token, locale: string): LayerSpecification[] {
  const layers: LayerSpecification[] = []
  const weight: Record<AreaLevel, number> = { CITY: 0, DISTRICT: 1.6, STREET: 1.1, COMMUNITY: 0.8, UNIT_GRID: 0.6 }
  for (const level of [...AREA_LEVELS].reverse()) {
    layers.push({
      id: `area-${level}`, type: 'line', source: `areas-${level}`, minzoom: AREA_ZOOM[level].line,
      paint: {
        'line-color': token('--map-area-line'), 'line-width': weight[level], 'line-opacity': level === 'UNIT_GRID' ? 0.55 : 0.8,
        ...(level === 'UNIT_GRID' ? { 'line-dasharray': [3, 2] } : {}),
      },
    })
  }
  for (const level of AREA_LEVELS) {
    layers.push({
      id: `area-name-${level}`, type: 'symbol', source: 'area-names', minzoom: AREA_ZOOM[level].label, maxzoom: AREA_ZOOM[level].labelEnd,
      filter: ['==', ['get', 'level'], level],
      layout: {
        'text-field': locale === 'en' ? ['coalesce', ['get', 'nameEn'], ['get', 'name']] : ['get', 'name'], 'text-font': FONT,
        'text-size': level === 'DISTRICT' ? 15 : level === 'STREET' ? 13 : 12, 'text-padding': 8, 'text-max-width': 9,
      },
      paint: { 'text-color': token('--map-label'), 'text-halo-color': token('--map-label-halo'), 'text-halo-width': 1.6, 'text-opacity': level === 'UNIT_GRID' ? 0.75 : 1 },
    })
  }
  return layers
}

/** MapLibre fetches in a worker, which knows no base address. Placeholders such as {z} stay as they are. */
export function absolute(path: string): string {
  return window.location.origin + path
}

export interface StyleOptions {
  basemap: Basemap | null
  areas: boolean
  /** Buildings with their height, from zoom 15. */
  solid?: boolean
  locale: string
  overlay?: Overlay
}

const NOTHING = { type: 'FeatureCollection' as const, features: [] }

/** The whole map style from our own layers only: no tile, glyph or sprite host. */
export function cityStyle(options: StyleOptions, token: Token): StyleSpecification {
  const sources: Record<string, SourceSpecification> = {}
  const has = new Set((options.basemap?.vector_layers ?? []).map((each) => each.id))
  if (options.basemap && has.size > 0) {
    sources.base = {
      type: 'vector', tiles: options.basemap.tiles.map(absolute), minzoom: options.basemap.minzoom, maxzoom: options.basemap.maxzoom,
      ...(options.basemap.attribution ? { attribution: options.basemap.attribution } : {}),
    }
  }
  const layers = basemapLayers(has, token, options.solid ?? false)
  layers.push(...(options.overlay?.under ?? []))
  if (options.areas) {
    for (const level of AREA_LEVELS) sources[`areas-${level}`] = { type: 'geojson', data: NOTHING }
    sources['area-names'] = { type: 'geojson', data: NOTHING }
    const areas = areaLayers(token, options.locale)
    const lines = areas.filter((each) => each.type === 'line')
    const names = areas.filter((each) => each.type === 'symbol')
    layers.push(...lines, ...labelLayers(has, token, options.locale), ...names)
  } else layers.push(...labelLayers(has, token, options.locale))
  if (options.overlay) {
    Object.assign(sources, options.overlay.sources)
    layers.push(...options.overlay.layers)
  }
  return { version: 8, sources, layers }
}

/** Codes of areas under one: `320100` is a whole city and covers all that begin with `3201`; no code covers all. */
export function isWithin(code: string, scope: string | null | undefined): boolean {
  if (!scope) return true
  return code.startsWith(scope.length === 6 && scope.endsWith('00') ? scope.slice(0, 4) : scope)
}

/** Bounds [west, south, east, north] around points, widened by a share; undefined for none. */
export function boundsOf(points: readonly (readonly [number, number] | null | undefined)[], widen = 0.08): [number, number, number, number] | undefined {
  const known = points.filter((each): each is readonly [number, number] => Array.isArray(each))
  if (known.length === 0) return undefined
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [lon, lat] of known) {
    west = Math.min(west, lon)
    east = Math.max(east, lon)
    south = Math.min(south, lat)
    north = Math.max(north, lat)
  }
  const dx = Math.max((east - west) * widen, 0.004)
  const dy = Math.max((north - south) * widen, 0.004)
  return [west - dx, south - dy, east + dx, north + dy]
}
