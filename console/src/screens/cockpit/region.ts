import type { Polygon } from 'geojson'
import type { RegionBody } from '@/api/types/map'
import { circle, polygon, type Spot } from '@/map/geometry'
import type { Region } from './state'

/** The region as the server is asked for it. */
export function bodyOf(region: Region): RegionBody {
  return 'polygon' in region ? { polygon: polygon(region.polygon) as { type: 'Polygon'; coordinates: number[][][] } } : region
}

/** The region's outline to draw; an area is drawn by the map itself. */
export function outlineOf(region: Region | undefined): Polygon | undefined {
  if (!region || 'area' in region) return undefined
  return 'circle' in region ? circle([region.circle.lon, region.circle.lat], region.circle.radius) : polygon(region.polygon)
}

/** A spot for filing a case: the middle of a circle, the mean corner of a polygon. */
export function middleOf(region: Region): Spot | undefined {
  if ('area' in region) return undefined
  if ('circle' in region) return [region.circle.lon, region.circle.lat]
  const sum = region.polygon.reduce<Spot>(([x, y], [lon, lat]) => [x + lon, y + lat], [0, 0])
  return [sum[0] / region.polygon.length, sum[1] / region.polygon.length]
}

/** [west, south, east, north] of a region with an outline. */
export function boxOf(region: Region): [number, number, number, number] | undefined {
  const ring = outlineOf(region)?.coordinates[0]
  if (!ring) return undefined
  const lons = ring.map((each) => each[0]!)
  const lats = ring.map((each) => each[1]!)
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
}
