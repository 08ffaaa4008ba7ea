import { nextTick, onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { ElMessage } from 'element-plus'
import type { Feature } from 'geojson'
import type { Map as MapLibreMap } from 'maplibre-gl'
import { api } from '@/api/client'
import { Problem } from '@/api/problem'
import type { Building } from '@/api/types/buildings'
import type { CaseDetail } from '@/api/types/cases'
import type { SearchHit, UrgentCase } from '@/api/types/map'
import { metresPerPixel, type Spot } from '@/map/geometry'
import { Popup, type GeoJSONSource } from '@/map/maplibre'
import { layerOf, pageOf } from './things'

/** What one points at, in few words. */
export interface Card {
  spot: Spot
  layer?: string
  id?: string
  title: string
  facts: string[]
  page?: string
}

interface Around {
  at: () => string | undefined
  /** The building that was drilled into: marked where no card is open. */
  building: () => Building | undefined
  listed: () => string | undefined
  padding: () => { top: number; left: number; right: number; bottom: number }
  closed: () => void
}

/** The card beside what one points at on the map, finds or chooses from a list; `box` holds it. */
export function useCard(map: ShallowRef<MapLibreMap | undefined>, box: Ref<HTMLElement | undefined>, around: Around) {
  const { t, locale } = useI18n()
  const router = useRouter()
  const card = shallowRef<Card>()
  let popup: Popup | undefined

  function draw() {
    const of = around.building()
    const spot = card.value?.spot ?? (of && [of.lon, of.lat])
    ;(map.value?.getSource('chosen') as GeoJSONSource | undefined)?.setData({
      type: 'FeatureCollection', features: spot ? [{ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: spot } }] : [],
    })
  }
  watch(around.building, draw)
  watch(card, async (now) => {
    const old = popup
    popup = undefined
    old?.remove()
    draw()
    await nextTick()
    if (!now || !map.value || !box.value || card.value !== now) return
    const mine = new Popup({ closeButton: true, closeOnClick: false, maxWidth: '300px', offset: 18, focusAfterOpen: false }).setLngLat(now.spot).setDOMContent(box.value).addTo(map.value)
    popup = mine
    mine.on('close', () => {
      if (popup === mine) {
        card.value = undefined
        around.closed()
      }
    })
  })
  onScopeDispose(() => popup?.remove())

  const inWords = (feature: Feature) => String((locale.value === 'en' ? feature.properties?.titleEn : undefined) ?? feature.properties?.titleZh ?? '')
  function factsOf(feature: Feature): string[] {
    const p = feature.properties ?? {}
    return [p.caseNo, locale.value === 'en' ? p.stageEn : p.stageZh, p.ident, p.address, p.unitName, p.area].filter((each): each is string => typeof each === 'string' && each !== '')
  }
  function fail(thrown: unknown) {
    const problem = Problem.from(thrown)
    ElMessage.error(problem.detail || problem.title || t('problem.http'))
  }

  /** Asks the server what it is: a tile carries no more than it needs. */
  async function showThing(layer: string, id: unknown, spot: Spot) {
    const radius = Math.max(4, 10 * metresPerPixel(spot[1], map.value!.getZoom()))
    try {
      const answer = await api.post<{ items: Feature[] }>(`/map/inside/${layer}`, { region: { circle: { lon: spot[0], lat: spot[1], radius } }, at: around.at() }, { limit: 50 })
      const found = answer.items.find((each) => String(each.id) === String(id)) ?? answer.items[0]
      if (!found) return
      const where = found.geometry?.type === 'Point' ? (found.geometry.coordinates as Spot) : spot
      card.value = { spot: where, layer, id: String(found.id), title: inWords(found), facts: factsOf(found), page: pageOf(layer, found.id, found.properties) }
    } catch (thrown) {
      fail(thrown)
    }
  }
  /** A case that the address names; the map goes there where the address names no view. */
  async function showCase(id: string, go: boolean) {
    try {
      const found = await api.get<CaseDetail>(`/cases/${id}`)
      if (found.lon === null || found.lat === null) return
      if (go) map.value?.jumpTo({ center: [found.lon, found.lat], zoom: 16 })
      card.value = { spot: [found.lon, found.lat], layer: 'cases', id, page: pageOf('cases', id), title: found.title, facts: [found.caseNo, found.address].filter((each): each is string => !!each) }
    } catch (thrown) {
      fail(thrown)
    }
  }
  function showUrgent(each: UrgentCase) {
    if (each.lon === null || each.lat === null) return void router.push(`/cases/${each.id}`)
    map.value?.flyTo({ center: [each.lon, each.lat], zoom: Math.max(15.5, map.value.getZoom()), padding: around.padding(), duration: 900 })
    card.value = { spot: [each.lon, each.lat], layer: 'cases', id: String(each.id), page: pageOf('cases', each.id), title: each.title, facts: [each.caseNo] }
  }
  function showListed({ spot, feature }: { spot: Spot; feature: Feature }) {
    const layer = around.listed()
    map.value?.easeTo({ center: spot, zoom: Math.max(map.value.getZoom(), 16.5), padding: around.padding() })
    card.value = { spot, layer, id: feature.id === undefined ? undefined : String(feature.id), title: inWords(feature), facts: factsOf(feature), page: pageOf(layer, feature.id, feature.properties) }
  }
  /** What was searched for and has a place, or else a page. */
  function showFound(hit: SearchHit) {
    if (hit.lon === null || hit.lat === null) {
      const page = pageOf(layerOf(hit), hit.id)
      if (page) void router.push(page)
      else ElMessage.info(t('cockpit.outside'))
      return
    }
    const spot: Spot = [hit.lon, hit.lat]
    map.value?.flyTo({ center: spot, zoom: hit.type === 'road' ? 15.5 : 17.2, duration: 1100, padding: around.padding() })
    card.value = { spot, layer: layerOf(hit), id: hit.id, page: pageOf(layerOf(hit), hit.id), title: locale.value === 'en' ? hit.titleEn : hit.titleZh, facts: hit.detail ? [hit.detail] : [] }
  }

  return { card, draw, showThing, showCase, showUrgent, showListed, showFound }
}
