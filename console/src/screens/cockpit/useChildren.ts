import { computed, watch, type ComputedRef, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Map as MapLibreMap } from 'maplibre-gl'
import type { AreaLevel } from '@/api/types/places'
import type { GeoJSONSource } from '@/map/maplibre'
import { classBounds, classOf, sayCount } from '@/map/ramp'
import { useAreaFigures } from '@/resources/useMap'

interface Around {
  area: ComputedRef<string | undefined>
  at: ComputedRef<string | undefined>
  /** Id of the figure that colours the areas; the first one where there is none of this id. */
  metric: () => string
  /** The layer of areas is shown. */
  shown: () => boolean
  /** The areas on the map are others now. */
  drawn: () => void
}

/** The areas right below the one shown, coloured by a figure, with their names. */
export function useChildren(map: ShallowRef<MapLibreMap | undefined>, around: Around) {
  const { locale } = useI18n()
  const figures = useAreaFigures()
  const metric = computed(() => figures.data.value?.figures.find((each) => each.id === around.metric()) ?? figures.data.value?.figures[0])
  const bounds = computed(() => classBounds(Math.max(0, ...(figures.data.value?.children ?? []).map((each) => each.figures[metric.value?.id ?? ''] ?? 0))))
  const name = (each: { name: string; nameEn?: string | null }) => (locale.value === 'en' ? (each.nameEn ?? each.name) : each.name)

  async function load() {
    if (!around.area.value) return
    const answer = await figures.run(around.area.value, around.at.value)
    if (answer) draw()
  }
  /** [west, south, east, north] of the area shown; undefined until its figures are there, or where it has no boundary. */
  function box() {
    return figures.data.value?.area.code === around.area.value ? (figures.data.value?.area.bbox ?? undefined) : undefined
  }

  let level: AreaLevel | undefined
  let outlines = ''
  let stated: string[] = []
  function draw() {
    const given = figures.data.value
    if (!map.value || !given) return
    level = given.children[0]?.level
    const source = map.value.getSource('children') as GeoJSONSource | undefined
    const wanted = level ? new URL(`/api/areas.geojson?parent=${given.area.code}&level=${level}`, window.location.href).href : ''
    if (source && wanted !== outlines) {
      outlines = wanted
      source.setData(wanted || { type: 'FeatureCollection', features: [] })
    }
    const id = metric.value?.id ?? ''
    for (const code of stated) map.value.removeFeatureState({ source: 'children', id: code })
    stated = given.children.map((each) => each.code)
    for (const each of given.children) map.value.setFeatureState({ source: 'children', id: each.code }, { level: classOf(each.figures[id] ?? 0, bounds.value) })
    ;(map.value.getSource('figures') as GeoJSONSource | undefined)?.setData({
      type: 'FeatureCollection',
      features: given.children.filter((each) => each.center).map((each) => ({
        type: 'Feature', geometry: { type: 'Point', coordinates: each.center! }, properties: { name: name(each), figure: sayCount(each.figures[id] ?? 0, locale.value), code: each.code },
      })),
    })
    around.drawn()
  }
  watch([metric, locale], draw)

  let hovered: string | undefined
  function hover(code: string | undefined) {
    if (hovered === code || !map.value) return
    if (hovered) map.value.setFeatureState({ source: 'children', id: hovered }, { hover: false })
    hovered = code
    if (code) map.value.setFeatureState({ source: 'children', id: code }, { hover: true })
  }
  function childAt(point: { x: number; y: number }): string | undefined {
    if (!map.value || !around.shown() || !map.value.getLayer('child-fill')) return undefined
    const code = map.value.queryRenderedFeatures([point.x, point.y], { layers: ['child-fill'] })[0]?.id
    // Just after drilling the map may still draw the areas of before.
    return figures.data.value?.children.find((each) => each.code === code)?.code
  }
  /** A name that the base map would draw too: here it comes with a figure. */
  const named = (id: string) => around.shown() && (figures.data.value?.children.length ?? 0) > 0 && id === `area-name-${level}`

  return { figures, metric, bounds, name, load, box, draw, hover, childAt, named }
}
