import type { Feature } from 'geojson'
import { api } from '@/api/client'
import { useLoad } from '@/api/load'
import { saveFile } from '@/api/save'
import type { AreaFigures, Inside, MapHistory, MapLayers, MapSummary, RegionBody, SearchHit, Slice } from '@/api/types'

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

/** Counts by layer and kind within a region. */
export function useInside() {
  return useLoad((question: InsideQuestion) => api.post<Inside>('/map/inside', question))
}

/** One layer's things within a region, page after page. */
export function useInsideList() {
  const page = (layer: string, question: InsideQuestion, after?: string) =>
    api.post<Slice<Feature>>(`/map/inside/${layer}`, question, { limit: 50, after })
  const list = useLoad((layer: string, question: InsideQuestion) => page(layer, question))
  async function more(layer: string, question: InsideQuestion): Promise<void> {
    const now = list.data.value
    if (!now?.next) return
    const following = await page(layer, question, now.next)
    if (list.data.value === now) list.data.value = { items: [...now.items, ...following.items], next: following.next }
  }
  return { ...list, more }
}

export function useInsideHistory() {
  return useLoad((question: InsideQuestion) => api.post<MapHistory>('/map/inside/history', question))
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
