import { api } from '@/api/client'
import type { BasemapLayer } from '@/api/types'

let reading: Promise<BasemapLayer[]> | undefined

/** Layers of the base map that the server has (`/api/basemap`), read once; none when it has none. */
export function readBasemap(): Promise<BasemapLayer[]> {
  reading ??= api.get<BasemapLayer[]>('/basemap').catch(() => {
    reading = undefined
    return []
  })
  return reading
}
