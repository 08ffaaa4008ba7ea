import { ref, type ShallowRef } from 'vue'
import type { Map as MapLibreMap } from 'maplibre-gl'
import type { CockpitState } from './state'

type Box = [number, number, number, number]

interface Around {
  state: ShallowRef<CockpitState>
  change: (part: Partial<CockpitState>) => void
  /** Pixels on each side that panels cover. */
  padding: () => { top: number; left: number; right: number; bottom: number }
  /** Whether the map moves by itself for the while, which the address does not follow. */
  held: () => boolean
}

/**
 * Where the map looks. It begins with the view of the address, else with what the address names: a region, or the area drilled
 * into (`awaited` until its box is known). From then on it moves by itself and tells the address.
 */
export function useCamera(map: ShallowRef<MapLibreMap | undefined>, around: Around) {
  const { state, change } = around
  const start = state.value.view
  /** What was chosen is still to be looked at, once it is known where it lies. */
  const awaited = ref(start === undefined)

  /** Looks at a box whole; `closest` bounds the zoom. */
  function look(box: Box, { animate = true, closest, milliseconds = 700 }: { animate?: boolean; closest?: number; milliseconds?: number } = {}) {
    if (!map.value) return
    awaited.value = false
    map.value.fitBounds(box, { padding: around.padding(), duration: animate ? milliseconds : 0, pitch: map.value.getPitch(), bearing: map.value.getBearing(), ...(closest === undefined ? {} : { maxZoom: closest }) })
  }
  function lookAt(spot: [number, number], zoom: number) {
    awaited.value = false
    map.value?.easeTo({ center: spot, zoom: Math.max(zoom, map.value.getZoom()), padding: around.padding() })
  }
  function remember() {
    if (!map.value || around.held()) return
    const { lng, lat } = map.value.getCenter()
    change({ view: { center: [lng, lat], zoom: map.value.getZoom(), pitch: map.value.getPitch(), bearing: map.value.getBearing() } })
  }
  /** As an address says that the back button brought. */
  function restore() {
    const view = state.value.view
    if (view) map.value?.jumpTo({ center: view.center, zoom: view.zoom, pitch: view.pitch ?? 0, bearing: view.bearing ?? 0 })
    else awaited.value = true
  }
  function applyTilt(animate = true) {
    if (!map.value) return
    const pitch = state.value.tilted ? 52 : 0
    if (Math.abs(map.value.getPitch() - pitch) < 1 || (state.value.view?.pitch && !animate)) return
    map.value.easeTo({ pitch, bearing: state.value.tilted ? -18 : 0, duration: animate ? 600 : 0 })
  }
  function tilt() {
    change({ tilted: !state.value.tilted })
    applyTilt()
  }
  return { start, awaited, look, lookAt, remember, restore, applyTilt, tilt }
}
