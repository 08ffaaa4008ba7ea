import { getCurrentScope, onScopeDispose } from 'vue'
import type { Feature } from 'geojson'
import { api } from '@/api/client'
import { useLoad } from '@/api/load'
import { saveFile } from '@/api/save'
import type { AreaFigures, Inside, MapHistory, MapLayers, MapSummary, RegionBody, SearchHit } from '@/api/types/map'
import type { Slice } from '@/api/types/slice'

export interface InsideQuestion {
  region: RegionBody
  /** ISO instant; now when missing. */
  at?: string
  layers?: string[]
  kinds?: string[]
}

/** The map's own resources (`/api/map`): layers, what is inside a region, figures of areas, search, people on duty. */
export function useMapLayers() {
  return useLoad(() => api.get<MapLayers>('/map/layers'))
}

/** One question at a time: on the one before it is hung up, and so it is when the screen goes; the server then stops. */
function newest<A extends unknown[], T>(ask: (signal: AbortSignal, ...args: A) => Promise<T>): (...args: A) => Promise<T> {
  let current: AbortController | undefined
  if (getCurrentScope()) onScopeDispose(() => current?.abort())
  return (...args: A) => {
    current?.abort()
    current = new AbortController()
    return ask(current.signal, ...args)
  }
}

/** Counts by layer and kind within a region. */
export function useInside() {
  return useLoad(newest((signal, question: InsideQuestion) => api.post<Inside>('/map/inside', question, undefined, undefined, signal)))
}

/** One layer's things within a region, page after page. */
export function useInsideList() {
  const page = (layer: string, question: InsideQuestion, after?: string, signal?: AbortSignal) =>
    api.post<Slice<Feature>>(`/map/inside/${layer}`, question, { limit: 50, after }, undefined, signal)
  const list = useLoad(newest((signal, layer: string, question: InsideQuestion) => page(layer, question, undefined, signal)))
  async function more(layer: string, question: InsideQuestion): Promise<void> {
    const now = list.data.value
    if (!now?.next) return
    const following = await page(layer, question, now.next)
    if (list.data.value === now) list.data.value = { items: [...now.items, ...following.items], next: following.next }
  }
  return { ...list, more }
}

export function useInsideHistory() {
  return useLoad(newest((signal, question: InsideQuestion) => api.post<MapHistory>('/map/inside/history', question, undefined, undefined, signal)))
}

/** Figures of an area and of each area right below it. */
export function useAreaFigures() {
  return useLoad((code: string, at?: string) => api.get<AreaFigures>(`/map/areas/${code}/figures`, { at }))
}

/** What matters now in an area. */
export function useSummary() {
  return useLoad((area?: string) => api.get<MapSummary>('/map/summary', { area }))
}

export function useMapSearch() {
  return useLoad((q: string) => api.get<{ hits: SearchHit[]; elapsedMillis: number }>('/map/search', { q, limit: 10 }))
}

/** Saves what lies in a region as a file; answers its name. */
export async function exportRegion(layer: string, format: 'csv' | 'geojson', question: InsideQuestion): Promise<string> {
  const { blob, name = `${layer}.${format}` } = await api.postForFile(`/map/export/${layer}.${format}`, question)
  saveFile(blob, name)
  return name
}
