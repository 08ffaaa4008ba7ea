import { api } from '@/api/client'
import type { Basemap } from '@/api/types/places'

let reading: Promise<Basemap | null> | undefined

/** What the base map consists of (`/api/map/base.json`), read once; null when the server cannot say. */
export function readBasemap(): Promise<Basemap | null> {
  reading ??= api.get<Basemap>('/map/base.json').catch(() => {
    reading = undefined
    return null
  })
  return reading
}
