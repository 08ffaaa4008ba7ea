import type { Polygon, Position } from 'geojson'

/** Mean radius of the earth in metres, as for every spherical formula here (within 0.6 % of the ellipsoid). */
const EARTH = 6_371_008.8
const rad = (degrees: number) => (degrees * Math.PI) / 180
const deg = (radians: number) => (radians * 180) / Math.PI

export type Spot = [lon: number, lat: number]

/** Great-circle distance in metres (haversine). */
export function metres([lon1, lat1]: Spot, [lon2, lat2]: Spot): number {
  const a = Math.sin(rad(lat2 - lat1) / 2) ** 2 + Math.cos(rad(lat1)) * Math.cos(rad(lat2)) * Math.sin(rad(lon2 - lon1) / 2) ** 2
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(a)))
}

/** Length of a path in metres. */
export function pathMetres(spots: readonly Spot[]): number {
  let sum = 0
  for (let i = 1; i < spots.length; i++) sum += metres(spots[i - 1]!, spots[i]!)
  return sum
}

/** Area of a ring on the sphere in square metres, open or closed, either way round (Chamberlain and Duquette 2007). */
export function squareMetres(ring: readonly Spot[]): number {
  let sum = 0
  for (let i = 0; i < ring.length; i++) {
    const [lon1, lat1] = ring[i]!
    const [lon2, lat2] = ring[(i + 1) % ring.length]!
    sum += rad(lon2 - lon1) * (2 + Math.sin(rad(lat1)) + Math.sin(rad(lat2)))
  }
  return Math.abs((sum * EARTH * EARTH) / 2)
}

/** A circle on the sphere as a polygon. */
export function circle([lon, lat]: Spot, radiusMetres: number, corners = 72): Polygon {
  const d = radiusMetres / EARTH
  const ring: Position[] = []
  for (let i = 0; i <= corners; i++) {
    const bearing = (2 * Math.PI * i) / corners
    const y = Math.asin(Math.sin(rad(lat)) * Math.cos(d) + Math.cos(rad(lat)) * Math.sin(d) * Math.cos(bearing))
    const x = rad(lon) + Math.atan2(Math.sin(bearing) * Math.sin(d) * Math.cos(rad(lat)), Math.cos(d) - Math.sin(rad(lat)) * Math.sin(y))
    ring.push([deg(x), deg(y)])
  }
  return { type: 'Polygon', coordinates: [ring] }
}

/** The corners as a closed GeoJSON polygon. */
export function polygon(corners: readonly Spot[]): Polygon {
  return { type: 'Polygon', coordinates: [[...corners, corners[0]!]] }
}

function turn(a: Spot, b: Spot, c: Spot): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}
function cross(a: Spot, b: Spot, c: Spot, d: Spot): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0
}

/** True where two sides of the ring cross: such a drawing has no inside. */
export function crossesItself(corners: readonly Spot[]): boolean {
  const n = corners.length
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) if (cross(corners[i]!, corners[(i + 1) % n]!, corners[j]!, corners[(j + 1) % n]!)) return true
  return false
}

/** Ground metres of one pixel of a Web Mercator map with 512-pixel tiles. */
export function metresPerPixel(lat: number, zoom: number): number {
  return (2 * Math.PI * EARTH * Math.cos(rad(lat))) / (512 * 2 ** zoom)
}

/** A round length (1, 2 or 5 times a power of ten) that fits into so many pixels. */
export function scaleBar(lat: number, zoom: number, widest: number): { metres: number; pixels: number } {
  const each = metresPerPixel(lat, zoom)
  const power = 10 ** Math.floor(Math.log10(each * widest))
  const length = [5, 2, 1].map((factor) => factor * power).find((given) => given <= each * widest) ?? power
  return { metres: length, pixels: length / each }
}

/** "850 m", "1.2 km". */
export function sayMetres(length: number): string {
  if (length < 1000) return `${Math.round(length)} m`
  return `${(length / 1000).toFixed(length < 10_000 ? 2 : 1).replace(/\.?0+$/, '')} km`
}

/** "4200 m²", "1.2 km²". */
export function saySquareMetres(area: number): string {
  if (area < 100_000) return `${Math.round(area)} m²`
  return `${(area / 1e6).toFixed(area < 1e7 ? 2 : 1).replace(/\.?0+$/, '')} km²`
}
