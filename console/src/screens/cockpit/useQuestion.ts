import { ref, type ShallowRef } from 'vue'
import type { Map as MapLibreMap } from 'maplibre-gl'
import type { Spot } from '@/map/geometry'
import type { GeoJSONSource } from '@/map/maplibre'
import { useDraw, type Drawn, type Tool } from '@/map/useDraw'
import { useAreaFigures } from '@/resources/useMap'
import { boxOf, outlineOf } from './region'
import { LARGEST_RADIUS, type CockpitState, type Region } from './state'

const AROUND = 50
/** A region that takes less of the map than this, in pixels, is gone to. */
const LEAST_SEEN = 60

interface Around {
  state: ShallowRef<CockpitState>
  change: (part: Partial<CockpitState>, how?: 'push' | 'replace') => void
  look: (box: [number, number, number, number], how?: { animate?: boolean; closest?: number; milliseconds?: number }) => void
  /** Something is asked about: what was pointed at before makes room. */
  begun: () => void
}

/** The penetrating query: which region is asked about, drawn on the map, and the tools that draw it. */
export function useQuestion(map: ShallowRef<MapLibreMap | undefined>, around: Around) {
  const { state, change } = around
  const draw = useDraw(map, drawn)
  const ofArea = useAreaFigures()
  /** Goes up when what lies in the region may have changed. */
  const version = ref(0)

  function drawn(what: Drawn) {
    if (what.tool === 'point') lookAround(what.at)
    else if (what.tool === 'circle') ask({ circle: { lon: what.at[0], lat: what.at[1], radius: Math.min(LARGEST_RADIUS, Math.max(1, what.radius)) } })
    else ask({ polygon: what.corners })
  }
  function lookAround(spot: Spot) {
    ask({ circle: { lon: spot[0], lat: spot[1], radius: AROUND } })
  }
  function ask(region: Region) {
    around.begun()
    change({ region, list: undefined }, 'push')
    show()
  }
  function setRadius(radius: number) {
    const region = state.value.region
    if (region && 'circle' in region) ask({ circle: { ...region.circle, radius } })
  }
  function outline() {
    const shape = outlineOf(state.value.region)
    ;(map.value?.getSource('region') as GeoJSONSource | undefined)?.setData({ type: 'FeatureCollection', features: shape ? [{ type: 'Feature', properties: {}, geometry: shape }] : [] })
  }
  /** Draws the region, and goes where it is seen. */
  function show() {
    outline()
    const box = state.value.region && boxOf(state.value.region)
    if (!box || !map.value) return
    const view = map.value.getBounds()
    const pixels = ((box[2] - box[0]) / (view.getEast() - view.getWest())) * map.value.getCanvas().clientWidth
    if (!view.contains([box[0], box[1]]) || !view.contains([box[2], box[3]]) || pixels < LEAST_SEEN) around.look(box, { closest: 18, milliseconds: 600 })
  }
  /** Looks at the region of an address that names no view. */
  async function fit(animate: boolean) {
    const region = state.value.region
    if (!region) return
    outline()
    const box = 'area' in region ? (await ofArea.run(region.area))?.area.bbox : boxOf(region)
    if (box && state.value.region === region) around.look(box, { animate, closest: 18 })
  }
  function close() {
    change({ region: undefined, list: undefined }, 'push')
    outline()
  }
  function pick(tool: Tool) {
    if (draw.tool.value === tool) return draw.cancel()
    around.begun()
    draw.start(tool)
    map.value?.getCanvas().focus({ preventScroll: true })
  }
  return { draw, version, lookAround, setRadius, outline, show, fit, close, pick }
}
