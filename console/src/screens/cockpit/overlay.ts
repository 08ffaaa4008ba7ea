import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from 'maplibre-gl'
import type { MapLayer, MapOverlay } from '@/api/types/map'
import { countRamp } from '@/map/ramp'
import { FONT, type Overlay, type Token } from '@/map/style'
import { drawOverlay } from '@/map/useDraw'
import type { CaseStyle } from './state'

const NOTHING = { type: 'FeatureCollection' as const, features: [] }
/** A disc that symbols colour: a cell is an area, and only a symbol stands once in the middle of one. */
export const DISC = 'disc'
const COUNT: ExpressionSpecification = ['get', 'count']
const IS_CELL: ExpressionSpecification = ['has', 'count']
const IS_THING: ExpressionSpecification = ['!', ['has', 'count']]
/** Deeper than this a tile is only enlarged: it holds the things themselves. */
const DEEPEST = 16

/** Drawn by the map itself, from the areas of the scope. */
export const AREAS = 'areas'

/** What happens comes before what stands there, and areas, which always lie everywhere, last. */
export function inOrder<T extends { id: string }>(layers: readonly T[]): T[] {
  const rank = ({ id }: T) => (id === 'cases' ? 0 : id === 'warnings' ? 1 : id === 'duty' ? 2 : id === AREAS ? 9 : 5)
  return [...layers].sort((a, b) => rank(a) - rank(b))
}

export function rampOf(token: Token): string[] {
  return [1, 2, 3, 4, 5].map((n) => token(`--ramp-${n}`))
}
export function kindColours(token: Token): string[] {
  return [1, 2, 3, 4, 5, 6, 7, 8].map((n) => token(`--kind-${n}`))
}

/** How a case stands with its time, by the grade of its layer. */
export const CASE_DUE = [
  { state: 'OK', grade: 1, colour: '--accent' },
  { state: 'SOON', grade: 3, colour: '--warn-mark' },
  { state: 'OVERDUE', grade: 4, colour: '--danger' },
] as const

/** Colour of a grade, 0 for nothing wrong to 4 (red). */
export function gradeColour(token: Token, grade: ExpressionSpecification, none: string): ExpressionSpecification {
  return ['match', ['coalesce', grade, 0], 1, token('--grade-1'), 2, token('--grade-2'), 3, token('--grade-3'), 4, token('--grade-4'), none] as unknown as ExpressionSpecification
}

/** The commonest kinds have colours of their own, the others share one. */
export function kindColour(token: Token, kinds: readonly string[]): ExpressionSpecification | string {
  const colours = kindColours(token)
  const pairs = kinds.slice(0, colours.length).flatMap((kind, i) => [kind, colours[i]!])
  return pairs.length === 0 ? token('--text-3') : (['match', ['get', 'kind'], ...pairs, token('--text-3')] as unknown as ExpressionSpecification)
}

export interface TileQuestion {
  kinds: readonly string[]
  at?: string
  revision: string | undefined
}

/** A template of tiles with the server's own address before it; its braces must stay as they are. */
function addressed(template: string): string {
  return template.startsWith('/') ? window.location.origin + template : template
}

/** Where a layer's tiles are, as asked now. */
export function tileUrl(layer: MapLayer, question: TileQuestion): string {
  const query = new URLSearchParams()
  if (question.kinds.length > 0) query.set('kinds', question.kinds.join(','))
  if (question.at && layer.timed) query.set('at', question.at)
  if (question.revision) query.set('v', question.revision)
  const text = query.toString()
  return addressed(layer.tiles) + (text ? `?${text}` : '')
}

function layersOf(layer: MapLayer, token: Token, kinds: readonly string[], most: number): { under: LayerSpecification[]; over: LayerSpecification[] } {
  const source = { source: layer.id, 'source-layer': layer.id }
  const id = (part: string) => `${layer.id}:${part}`
  const ramp = countRamp(COUNT, rampOf(token), most)
  const label = { 'text-font': FONT, 'text-size': 11 }
  if (layer.id === 'cases') {
    const colour: ExpressionSpecification = ['match', ['coalesce', ['get', 'worst'], ['get', 'grade'], 0], ...CASE_DUE.flatMap(({ grade, colour }) => [grade, token(colour)]), token('--accent')] as unknown as ExpressionSpecification
    const size: ExpressionSpecification = ['step', COUNT, 0.75, 10, 0.95, 50, 1.15, 200, 1.4]
    return {
      under: [
        { id: id('grid'), type: 'fill', ...source, filter: IS_CELL, paint: { 'fill-color': ramp, 'fill-opacity': 0.75, 'fill-outline-color': token('--surface') } },
        {
          id: id('heat'), type: 'heatmap', ...source,
          paint: {
            // A cell gives each of its corners a share.
            'heatmap-weight': ['case', IS_CELL, ['min', 8, ['/', COUNT, 5]], 1],
            'heatmap-radius': ['interpolate', ['linear'], ['zoom'], 8, 14, 12, 26, 16, 40],
            'heatmap-intensity': ['interpolate', ['linear'], ['zoom'], 8, 0.35, 14, 0.8, 17, 1.2],
            'heatmap-opacity': 0.75,
            'heatmap-color': ['interpolate', ['linear'], ['heatmap-density'], 0, 'rgba(0,0,0,0)', 0.15, token('--ramp-2'), 0.4, token('--ramp-4'), 0.7, token('--grade-2'), 1, token('--grade-4')],
          },
        },
      ],
      over: [
        {
          id: id('cluster'), type: 'symbol', ...source, filter: IS_CELL,
          layout: {
            'icon-image': DISC, 'icon-size': size, 'icon-allow-overlap': true, 'icon-ignore-placement': true,
            'text-field': ['to-string', COUNT], ...label, 'text-size': 12, 'text-allow-overlap': true, 'text-ignore-placement': true,
          },
          paint: { 'icon-color': colour, 'icon-halo-color': token('--surface'), 'icon-halo-width': 2, 'text-color': token('--surface') },
        },
        {
          id: id('point'), type: 'circle', ...source, filter: ['all', ['==', ['geometry-type'], 'Point'], IS_THING],
          paint: {
            'circle-radius': ['interpolate', ['linear'], ['zoom'], 11, 3.5, 14, 6, 17, 8], 'circle-color': colour,
            'circle-stroke-color': token('--surface'), 'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 11, 1, 14, 2],
          },
        },
      ],
    }
  }
  const warned = layer.id === 'warnings'
  const colour = layer.id === 'duty' ? token('--duty') : warned ? gradeColour(token, ['get', 'grade'], token('--accent')) : kindColour(token, kinds)
  const graded = gradeColour(token, ['get', 'grade'], token('--surface'))
  const under: LayerSpecification[] = [
    { id: id('cell'), type: 'fill', ...source, filter: IS_CELL, paint: { 'fill-color': ramp, 'fill-opacity': 0.55, 'fill-outline-color': token('--map-land') } },
  ]
  if (warned) under.length = 0
  const over: LayerSpecification[] = warned ? [
    {
      // Beside the disc of the cases in the same cell.
      id: id('cluster'), type: 'symbol', ...source, filter: IS_CELL,
      layout: {
        'icon-image': DISC, 'icon-size': 0.6, 'icon-allow-overlap': true, 'icon-ignore-placement': true,
        'text-field': ['to-string', COUNT], ...label, 'text-allow-overlap': true, 'text-ignore-placement': true,
      },
      paint: {
        'icon-color': gradeColour(token, ['coalesce', ['get', 'worst'], 1], token('--accent')), 'icon-halo-color': token('--surface'), 'icon-halo-width': 2, 'text-color': token('--surface'),
        'icon-translate': [15, -15], 'text-translate': [15, -15],
      },
    },
  ] : [
    {
      id: id('count'), type: 'symbol', ...source, filter: IS_CELL, layout: { 'text-field': ['to-string', COUNT], ...label, 'text-padding': 6 },
      paint: { 'text-color': token('--map-label'), 'text-halo-color': token('--map-label-halo'), 'text-halo-width': 1.2 },
    },
  ]
  if (layer.shape === 'AREA')
    under.push(
      { id: id('area'), type: 'fill', ...source, filter: ['all', ['==', ['geometry-type'], 'Polygon'], IS_THING], paint: { 'fill-color': colour, 'fill-opacity': 0.28 } },
      { id: id('edge'), type: 'line', ...source, filter: ['all', ['==', ['geometry-type'], 'Polygon'], IS_THING], paint: { 'line-color': colour, 'line-width': 1 } },
    )
  if (layer.shape === 'LINE')
    under.push({ id: id('line'), type: 'line', ...source, filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': colour, 'line-width': ['interpolate', ['linear'], ['zoom'], 11, 0.8, 17, 3] } })
  over.unshift({
    id: id('point'), type: 'circle', ...source, filter: ['all', ['==', ['geometry-type'], 'Point'], IS_THING],
    paint: {
      'circle-radius': layer.id === 'duty' || warned ? ['interpolate', ['linear'], ['zoom'], 10, 4, 16, 7] : ['interpolate', ['linear'], ['zoom'], 13, 1.6, 16, 3.5, 18, 6],
      'circle-color': colour, 'circle-stroke-color': warned ? token('--surface') : graded, 'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 13, 0.4, 16, 1.2, 18, 2],
    },
  })
  if (layer.id === 'duty')
    over.push({
      id: id('name'), type: 'symbol', ...source, minzoom: 13, filter: ['has', 'name'],
      layout: { 'text-field': ['get', 'name'], ...label, 'text-offset': [0, 1.1], 'text-anchor': 'top' },
      paint: { 'text-color': token('--duty'), 'text-halo-color': token('--map-label-halo'), 'text-halo-width': 1.4 },
    })
  return { under, over }
}

export interface OverlayOptions {
  layers: readonly MapLayer[]
  overlays: readonly MapOverlay[]
  /** The commonest kinds of each layer, for their colours. */
  kinds: (layer: string) => readonly string[]
  /** The largest count of a cell of each layer. */
  most: (layer: string) => number
  question: (layer: MapLayer) => TileQuestion
}

/** Everything the cockpit draws on the map. Layers of a server's layer are named `<layer>:<part>`. */
export function cockpitOverlay(options: OverlayOptions, token: Token): Overlay {
  const sources: Record<string, SourceSpecification> = {
    children: { type: 'geojson', data: NOTHING, promoteId: 'code' },
    figures: { type: 'geojson', data: NOTHING },
    region: { type: 'geojson', data: NOTHING },
    chosen: { type: 'geojson', data: NOTHING },
  }
  const under: LayerSpecification[] = []
  const layers: LayerSpecification[] = []
  for (const each of options.overlays) {
    if (each.type !== 'xyz' && each.type !== 'wmts') continue
    sources[`overlay-${each.id}`] = { type: 'raster', tiles: [addressed(each.url)], tileSize: 256, attribution: each.attribution }
    under.push({ id: `${each.id}:raster`, type: 'raster', source: `overlay-${each.id}` })
  }
  const ramp = rampOf(token)
  const level: ExpressionSpecification = ['match', ['coalesce', ['feature-state', 'level'], 0], 1, ramp[0]!, 2, ramp[1]!, 3, ramp[2]!, 4, ramp[3]!, 5, ramp[4]!, 'rgba(0,0,0,0)']
  under.push(
    { id: 'child-fill', type: 'fill', source: 'children', paint: { 'fill-color': level, 'fill-opacity': ['case', ['boolean', ['feature-state', 'hover'], false], 0.5, 0.34] } },
    { id: 'child-edge', type: 'line', source: 'children', paint: { 'line-color': token('--accent'), 'line-width': ['case', ['boolean', ['feature-state', 'hover'], false], 2.5, 1], 'line-opacity': 0.7 } },
  )
  for (const each of options.layers) {
    if (each.id === AREAS) continue
    sources[each.id] = {
      type: 'vector', tiles: [tileUrl(each, options.question(each))], minzoom: each.minZoom, maxzoom: Math.max(DEEPEST, each.objectZoom),
    }
    const drawn = layersOf(each, token, options.kinds(each.id), options.most(each.id))
    under.push(...drawn.under)
    layers.push(...drawn.over)
  }
  layers.push(
    { id: 'region-fill', type: 'fill', source: 'region', paint: { 'fill-color': token('--accent'), 'fill-opacity': 0.1 } },
    { id: 'region-line', type: 'line', source: 'region', paint: { 'line-color': token('--accent'), 'line-width': 2.2 } },
    {
      id: 'figure', type: 'symbol', source: 'figures',
      layout: {
        'text-field': ['format', ['get', 'name'], { 'font-scale': 0.86 }, '\n', {}, ['get', 'figure'], { 'font-scale': 1.2 }],
        'text-font': FONT, 'text-size': 13, 'text-line-height': 1.25, 'text-padding': 3, 'text-max-width': 9,
      },
      paint: { 'text-color': token('--text'), 'text-halo-color': token('--map-label-halo'), 'text-halo-width': 1.8 },
    },
    {
      id: 'chosen', type: 'circle', source: 'chosen',
      paint: { 'circle-radius': 15, 'circle-color': token('--accent'), 'circle-opacity': 0.16, 'circle-stroke-color': token('--accent'), 'circle-stroke-width': 2 },
    },
  )
  const drawing = drawOverlay(token)
  return { sources: { ...sources, ...drawing.sources }, layers: [...layers, ...drawing.layers], under }
}

/** The pixels of the disc: a signed distance field that MapLibre colours, with a halo around it. */
export function disc(size = 64): { width: number; height: number; data: Uint8ClampedArray } {
  const data = new Uint8ClampedArray(size * size * 4)
  const radius = size * 0.34
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const inside = radius - Math.hypot(x + 0.5 - size / 2, y + 0.5 - size / 2)
      // 191 is the edge; 8 pixels of the field on either side.
      data[(y * size + x) * 4 + 3] = Math.max(0, Math.min(255, 191 + inside * 8))
    }
  return { width: size, height: size, data }
}

/** Whether a layer of the style is shown. */
export function isShown(styleLayer: string, shown: ReadonlySet<string>, cases: CaseStyle, drilled: boolean): boolean | undefined {
  if (styleLayer.startsWith('area-')) return shown.has(AREAS)
  if (styleLayer === 'figure' || styleLayer === 'child-fill' || styleLayer === 'child-edge') return shown.has(AREAS) && drilled
  const colon = styleLayer.indexOf(':')
  if (colon < 0) return undefined
  const [layer, part] = [styleLayer.slice(0, colon), styleLayer.slice(colon + 1)]
  if (!shown.has(layer)) return false
  if (layer !== 'cases') return true
  if (part === 'heat') return cases === 'heat'
  if (part === 'cluster') return cases === 'clusters'
  if (part === 'grid') return cases === 'grid'
  return true
}
