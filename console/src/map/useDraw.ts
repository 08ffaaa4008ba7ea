import { computed, onBeforeUnmount, ref, shallowRef, watch, type ShallowRef } from 'vue'
import type { Feature, Position } from 'geojson'
import type { LayerSpecification, Map as MapLibreMap, MapMouseEvent } from 'maplibre-gl'
import type { GeoJSONSource } from './maplibre'
import { circle, crossesItself, metres, pathMetres, polygon, squareMetres, type Spot } from './geometry'
import type { Overlay, Token } from './style'

/** `point`, `circle` and `polygon` choose a region; `distance` and `area` only measure. */
export const TOOLS = ['point', 'circle', 'polygon', 'distance', 'area'] as const
export type Tool = (typeof TOOLS)[number]

/** What was drawn, handed out once it is finished. */
export type Drawn = { tool: 'point'; at: Spot } | { tool: 'circle'; at: Spot; radius: number } | { tool: 'polygon'; corners: Spot[] }

/** Source and layers that a drawing needs; the screen's overlay takes them in. */
export function drawOverlay(token: Token): Overlay {
  const layers: LayerSpecification[] = [
    { id: 'draw-fill', type: 'fill', source: 'draw', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': token('--accent'), 'fill-opacity': 0.12 } },
    { id: 'draw-line', type: 'line', source: 'draw', filter: ['!=', ['geometry-type'], 'Point'], layout: { 'line-join': 'round' }, paint: { 'line-color': token('--accent'), 'line-width': 2, 'line-dasharray': [2, 1.4] } },
    { id: 'draw-corner', type: 'circle', source: 'draw', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 4.5, 'circle-color': token('--surface'), 'circle-stroke-color': token('--accent'), 'circle-stroke-width': 2 } },
  ]
  return { sources: { draw: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } } }, layers }
}

/**
 * Draws on the map with pointer or keyboard. Click or `addHere` (the middle of the map) sets a corner, a double click or
 * `finish` ends, `back` takes the last corner away, `cancel` gives up. A measurement stays until it is cancelled.
 */
export function useDraw(map: ShallowRef<MapLibreMap | undefined>, done: (drawn: Drawn) => void) {
  const tool = ref<Tool>()
  const corners = shallowRef<Spot[]>([])
  const pointer = shallowRef<Spot>()
  const finished = ref(false)

  const spots = computed(() => (finished.value || !pointer.value ? corners.value : [...corners.value, pointer.value]))
  const length = computed(() => pathMetres(spots.value))
  const area = computed(() => (spots.value.length >= 3 ? squareMetres(spots.value) : 0))
  const radius = computed(() => (tool.value === 'circle' && spots.value.length === 2 ? metres(spots.value[0]!, spots.value[1]!) : 0))
  /** The corners make a shape whose sides cross, which has no inside. */
  const twisted = computed(() => (tool.value === 'polygon' || tool.value === 'area') && spots.value.length > 3 && crossesItself(spots.value))

  function shape(): Feature[] {
    const features: Feature[] = []
    const add = (geometry: Feature['geometry']) => features.push({ type: 'Feature', properties: {}, geometry })
    const all = spots.value as Position[]
    if (tool.value === 'circle' && radius.value > 0) add(circle(spots.value[0]!, radius.value))
    else if ((tool.value === 'polygon' || tool.value === 'area') && all.length >= 3) add(polygon(spots.value))
    else if (all.length >= 2) add({ type: 'LineString', coordinates: all })
    for (const each of corners.value) add({ type: 'Point', coordinates: each })
    return features
  }
  function draw() {
    ;(map.value?.getSource('draw') as GeoJSONSource | undefined)?.setData({ type: 'FeatureCollection', features: tool.value ? shape() : [] })
  }
  watch([tool, spots], draw)

  function start(given: Tool) {
    cancel()
    tool.value = given
    map.value?.doubleClickZoom.disable()
    if (map.value) map.value.getCanvas().style.cursor = 'crosshair'
  }
  function cancel() {
    tool.value = undefined
    corners.value = []
    pointer.value = undefined
    finished.value = false
    map.value?.doubleClickZoom.enable()
    if (map.value) map.value.getCanvas().style.cursor = ''
  }
  function add(spot: Spot) {
    if (!tool.value) return
    if (finished.value) corners.value = []
    finished.value = false
    const last = corners.value.at(-1)
    if (last && metres(last, spot) < 0.05) return
    corners.value = [...corners.value, spot]
    if (tool.value === 'point' || (tool.value === 'circle' && corners.value.length === 2)) finish()
  }
  function finish() {
    const [first, second] = corners.value
    if (tool.value === 'point' && first) hand({ tool: 'point', at: first })
    else if (tool.value === 'circle' && first && second) hand({ tool: 'circle', at: first, radius: metres(first, second) })
    else if (tool.value === 'polygon' && corners.value.length >= 3 && !crossesItself(corners.value)) hand({ tool: 'polygon', corners: corners.value })
    else if ((tool.value === 'distance' && corners.value.length >= 2) || (tool.value === 'area' && corners.value.length >= 3)) finished.value = true
  }
  function hand(drawn: Drawn) {
    cancel()
    done(drawn)
  }
  function back() {
    corners.value = corners.value.slice(0, -1)
    finished.value = false
  }
  function addHere() {
    const middle = map.value?.getCenter()
    if (middle) add([middle.lng, middle.lat])
  }

  const onClick = (event: MapMouseEvent) => add([event.lngLat.lng, event.lngLat.lat])
  const onMove = (event: MapMouseEvent) => {
    if (tool.value && !finished.value) pointer.value = [event.lngLat.lng, event.lngLat.lat]
  }
  const onDouble = () => finish()
  watch(map, (now) => {
    now?.on('click', onClick)
    now?.on('mousemove', onMove)
    now?.on('dblclick', onDouble)
  })
  onBeforeUnmount(() => {
    map.value?.off('click', onClick)
    map.value?.off('mousemove', onMove)
    map.value?.off('dblclick', onDouble)
  })
  return { tool, corners, length, area, radius, twisted, finished, start, cancel, finish, back, addHere }
}
