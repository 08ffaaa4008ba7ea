import { computed, ref, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { Map as MapLibreMap } from 'maplibre-gl'
import type { MapLayer } from '@/api/types/map'
import type { Token } from '@/map/style'
import { useKinds } from '@/resources/useKinds'
import { useInside, useMapLayers } from '@/resources/useMap'
import { AREAS, cockpitOverlay, isShown, tileUrl } from './overlay'
import type { CockpitState } from './state'

const USUAL = ['cases', 'warnings', 'duty', AREAS]

/** Rounded up to two steps per power of ten, so that colours do not flicker while panning. */
export function roundMost(count: number): number {
  const power = 10 ** Math.floor(Math.log10(count))
  return [1, 3, 10].map((each) => each * power).find((each) => each >= count)!
}

interface Around {
  state: ComputedRef<CockpitState> | ShallowRef<CockpitState>
  change: (part: Partial<CockpitState>) => void
  at: () => string | undefined
  /** A layer of the areas that are drilled into: their names come with a figure. */
  ownName: (id: string) => boolean
}

/** The layers of the map: which there are, which are shown, of which kinds, and when their tiles are others. */
export function useLayers(map: ShallowRef<MapLibreMap | undefined>, around: Around) {
  const { state, change } = around
  const layers = useMapLayers()
  const counts = useInside()
  const kindsOf = useKinds()
  void kindsOf.load()
  /** As first read: a map takes its sources once. Their revisions go on. */
  const known = shallowRef<MapLayer[]>([])
  const revisions: Record<string, string> = {}
  const shown = computed(() => new Set(state.value.layers ?? USUAL))
  /** The largest count of a cell that was drawn, by layer. */
  const most = ref<Record<string, number>>({})
  const commonest = shallowRef<Record<string, string[]>>({})
  watch(counts.data, (now) => {
    const next: Record<string, string[]> = {}
    for (const each of now?.layers ?? []) next[each.id] = each.kinds.slice(0, 8).map((kind) => kind.kind)
    if (JSON.stringify(next) !== JSON.stringify(commonest.value)) commonest.value = next
  })

  function question(layer: MapLayer) {
    return { kinds: state.value.kinds[layer.id] ?? [], at: around.at(), revision: revisions[layer.id] }
  }
  const overlay = computed(() => {
    const [kinds, cells] = [commonest.value, most.value]
    return (look: Token) => cockpitOverlay({ layers: known.value, overlays: layers.data.value?.overlays ?? [], kinds: (id) => kinds[id] ?? [], most: (id) => cells[id] ?? 1000, question }, look)
  })
  function apply() {
    if (!map.value?.style) return
    for (const each of map.value.getStyle().layers) {
      const visible = around.ownName(each.id) ? false : isShown(each.id, shown.value, state.value.cases, true)
      if (visible !== undefined) map.value.setLayoutProperty(each.id, 'visibility', visible ? 'visible' : 'none')
    }
  }
  function retile(only?: (layer: MapLayer) => boolean) {
    for (const layer of known.value) {
      if (layer.id === AREAS || (only && !only(layer))) continue
      ;(map.value?.getSource(layer.id) as { setTiles?: (tiles: string[]) => void } | undefined)?.setTiles?.([tileUrl(layer, question(layer))])
    }
  }
  function toggle(layer: string) {
    const next = new Set(shown.value)
    if (!next.delete(layer)) next.add(layer)
    change({ layers: [...next] })
    apply()
  }
  function narrow(layer: string, kinds: string[]) {
    change({ kinds: { ...state.value.kinds, [layer]: kinds } })
    retile((each) => each.id === layer)
  }
  /** Cases and components of one kind, wherever they are. */
  function onlyKind(kind: string) {
    const component = kindsOf.byId.get(kind)?.family === 'COMPONENT'
    change({ kinds: component ? { cases: [kind], components: [kind] } : { cases: [kind] }, layers: [...new Set([...shown.value, ...(component ? ['cases', 'components'] : ['cases'])])] })
    apply()
    retile()
  }
  function measure() {
    if (!map.value) return
    const found: Record<string, number> = {}
    for (const layer of known.value) {
      if (!shown.value.has(layer.id) || layer.id === AREAS || !map.value.getSource(layer.id)) continue
      let largest = 0
      for (const each of map.value.querySourceFeatures(layer.id, { sourceLayer: layer.id, filter: ['has', 'count'] })) largest = Math.max(largest, Number(each.properties.count) || 0)
      if (largest > 0) found[layer.id] = roundMost(largest)
    }
    if (JSON.stringify(found) !== JSON.stringify(most.value)) most.value = found
  }

  async function read() {
    for (const each of (await layers.run())?.layers ?? []) revisions[each.id] = each.revision
  }
  async function begin() {
    await read()
    known.value = layers.data.value?.layers ?? []
  }
  /** Asks which layers have changed, and for their tiles again. */
  async function renew() {
    const before = { ...revisions }
    await read()
    if (state.value.at === undefined) retile((layer) => revisions[layer.id] !== before[layer.id])
  }

  const overlays = computed(() => layers.data.value?.overlays ?? [])
  return { known, shown, most, overlay, overlays, counts, problem: layers.problem, apply, retile, toggle, narrow, onlyKind, measure, begin, renew }
}
