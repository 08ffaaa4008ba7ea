import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { viewOf, viewText, type View } from '@/map/view'
import type { Spot } from '@/map/geometry'

export type Region = { circle: { lon: number; lat: number; radius: number } } | { polygon: Spot[] } | { area: string }

export const SPANS = ['24h', '7d', '30d'] as const
export type Span = (typeof SPANS)[number]
export const CASE_STYLES = ['clusters', 'heat', 'grid'] as const
export type CaseStyle = (typeof CASE_STYLES)[number]

/** Everything that the address says, so that it opens again exactly. */
export interface CockpitState {
  /** The area drilled into; the viewer's own when missing. */
  area?: string
  /** The building drilled into, by its number in the register. */
  building?: string
  view?: View
  /** Ids of the layers shown; the usual ones when missing. */
  layers?: string[]
  /** Kinds that a layer is narrowed to, by the layer's id. */
  kinds: Record<string, string[]>
  cases: CaseStyle
  /** Which figure colours the areas. */
  metric: string
  tilted: boolean
  region?: Region
  /** Which layer's list is open in the drawer, and of which kind. */
  list?: { layer: string; kind?: string }
  /** Moment of the past, milliseconds; now when missing. */
  at?: number
  span: Span
  theme?: 'light' | 'dark'
  panel: 'now' | 'areas' | 'none'
  /** A case to show, by its id. */
  case?: string
}

/** Larger circles than this the server refuses, metres. */
export const LARGEST_RADIUS = 50_000

function one(value: LocationQuery[string] | undefined): string | undefined {
  const first = Array.isArray(value) ? value[0] : value
  return first || undefined
}
function among<T extends string>(all: readonly T[], value: string | undefined): T | undefined {
  return all.find((each) => each === value)
}
function spotOf(text: string | undefined): Spot | undefined {
  const [lon, lat, ...rest] = (text ?? '').split(',').map((each) => (each.trim() === '' ? NaN : Number(each)))
  if (rest.length > 0 || !Number.isFinite(lon) || !Number.isFinite(lat) || Math.abs(lon!) > 180 || Math.abs(lat!) > 85) return undefined
  return [lon!, lat!]
}

/** `c:lon,lat,radius`, `p:lon,lat;lon,lat;…` or `a:code`; undefined when it is none of them. */
export function regionOf(text: string | undefined): Region | undefined {
  const body = text?.slice(2) ?? ''
  if (text?.startsWith('a:')) return /^[0-9A-Z]{6,17}$/.test(body) ? { area: body } : undefined
  if (text?.startsWith('c:')) {
    const parts = body.split(',')
    const spot = spotOf(parts.slice(0, 2).join(','))
    const radius = Number(parts[2] || NaN)
    return spot && parts.length === 3 && radius > 0 && radius <= LARGEST_RADIUS ? { circle: { lon: spot[0], lat: spot[1], radius } } : undefined
  }
  if (text?.startsWith('p:')) {
    const corners = body.split(';').map(spotOf)
    return corners.length >= 3 && corners.every((each) => each !== undefined) ? { polygon: corners } : undefined
  }
  return undefined
}

export function regionText(region: Region): string {
  if ('area' in region) return `a:${region.area}`
  if ('circle' in region) return `c:${region.circle.lon.toFixed(6)},${region.circle.lat.toFixed(6)},${Number(region.circle.radius.toFixed(1))}`
  return `p:${region.polygon.map(([lon, lat]) => `${lon.toFixed(6)},${lat.toFixed(6)}`).join(';')}`
}

/** `cases:FILED~DISPATCHED;components:…`: a layer and the kinds it is narrowed to. */
function kindsOf(text: string | undefined): Record<string, string[]> {
  const result: Record<string, string[]> = {}
  for (const part of (text ?? '').split(';')) {
    const [layer, list] = [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)]
    if (part.includes(':') && layer && list) result[layer] = list.split('~').filter(Boolean)
  }
  return result
}
function kindsText(kinds: Record<string, string[]>): string | undefined {
  const text = Object.entries(kinds).filter(([, list]) => list.length > 0).map(([layer, list]) => `${layer}:${list.join('~')}`).join(';')
  return text || undefined
}

/** The state that an address says; what is unknown there is ignored. */
export function stateOf(query: LocationQuery): CockpitState {
  const layers = one(query.layers)
  const list = one(query.list)
  const at = Date.parse(one(query.time) ?? '')
  const area = one(query.area)
  const building = one(query.building)
  return {
    area: area && /^[0-9A-Z]{2,17}$/.test(area) ? area : undefined,
    building: building && /^[0-9A-Z-]{4,30}$/.test(building) ? building : undefined,
    view: viewOf(one(query.at)),
    layers: layers === undefined ? undefined : layers.split(',').filter((each) => /^[a-z][a-z-]{1,29}$/.test(each)),
    kinds: kindsOf(one(query.kinds)),
    cases: among(CASE_STYLES, one(query.cases)) ?? 'clusters',
    metric: /^[a-z]\w{1,30}$/i.exec(one(query.metric) ?? '')?.[0] ?? 'open',
    tilted: one(query.tilt) === '1',
    region: regionOf(one(query.region)),
    list: list ? { layer: list.split(':')[0]!, kind: list.includes(':') ? list.slice(list.indexOf(':') + 1) : undefined } : undefined,
    at: Number.isNaN(at) ? undefined : at,
    span: among(SPANS, one(query.span)) ?? '7d',
    theme: among(['light', 'dark'] as const, one(query.theme)),
    panel: among(['now', 'areas', 'none'] as const, one(query.panel)) ?? 'now',
    case: one(query.case),
  }
}

/** The address of a state; what is usual is left out. */
export function queryOf(state: CockpitState): LocationQueryRaw {
  const query: LocationQueryRaw = {
    area: state.area,
    building: state.building,
    at: state.view && viewText(state.view),
    layers: state.layers === undefined ? undefined : state.layers.length === 0 ? 'none' : state.layers.join(','),
    kinds: kindsText(state.kinds),
    cases: state.cases === 'clusters' ? undefined : state.cases,
    metric: state.metric === 'open' ? undefined : state.metric,
    tilt: state.tilted ? '1' : undefined,
    region: state.region && regionText(state.region),
    list: state.list && (state.list.kind === undefined ? state.list.layer : `${state.list.layer}:${state.list.kind}`),
    time: state.at === undefined ? undefined : new Date(state.at).toISOString(),
    span: state.span === '7d' ? undefined : state.span,
    theme: state.theme,
    panel: state.panel === 'now' ? undefined : state.panel,
    case: state.case,
  }
  for (const key of Object.keys(query)) if (query[key] === undefined) delete query[key]
  return query
}

const HOUR = 3_600_000
const LENGTH: Record<Span, number> = { '24h': 24 * HOUR, '7d': 7 * 24 * HOUR, '30d': 30 * 24 * HOUR }
/** One step of the slider; so that tiles of one moment are asked for once, moments lie on whole steps. */
export const STEP: Record<Span, number> = { '24h': HOUR / 4, '7d': HOUR, '30d': 4 * HOUR }

/**
 * The end of the window that shows a moment: undefined for the one that ends now, else a whole step at or after the moment, whole
 * spans before now. A window stays while the moment lies in it.
 */
export function windowEnd(span: Span, now: number, at: number | undefined, held?: number): number | undefined {
  if (at === undefined) return undefined
  const length = LENGTH[span]
  if (held !== undefined && at <= held && at >= held - length) return held
  const last = wholeStep(span, now)
  return at >= last - length ? undefined : last - (Math.ceil((last - at) / length) - 1) * length
}

function wholeStep(span: Span, at: number): number {
  return Math.floor(at / STEP[span]) * STEP[span]
}

/** The moments of a span up to its end, on whole steps, the oldest first; the last is at or before the end. */
export function moments(span: Span, end: number): number[] {
  const last = wholeStep(span, end)
  return Array.from({ length: LENGTH[span] / STEP[span] + 1 }, (_, i) => last - LENGTH[span] + i * STEP[span])
}

/** The whole step after a moment; undefined, which is now, where that would lie in the future. */
export function stepOn(span: Span, at: number, now: number): number | undefined {
  const next = wholeStep(span, at) + STEP[span]
  return next > now ? undefined : next
}

/** The whole step before a moment. */
export function stepBack(span: Span, at: number): number {
  return wholeStep(span, at - 1)
}

/** Index of the moment nearest to a time. */
export function nearest(all: readonly number[], at: number): number {
  let best = 0
  all.forEach((each, i) => {
    if (Math.abs(each - at) < Math.abs(all[best]! - at)) best = i
  })
  return best
}
