export const LAYERS = ['cases', 'components', 'areas', 'buildings'] as const
export type Layer = (typeof LAYERS)[number]

export interface View {
  center: [number, number]
  zoom: number
}

/** `at=118.79123,32.04001,14.2` of the address; undefined when it is not a view of the earth. */
export function viewOf(text: unknown): View | undefined {
  if (typeof text !== 'string') return undefined
  const parts = text.split(',')
  if (parts.length < 2 || parts.length > 3 || parts.some((each) => each.trim() === '')) return undefined
  const [lon, lat, zoom] = [Number(parts[0]), Number(parts[1]), Number(parts[2] ?? 16)]
  if (![lon, lat, zoom].every(Number.isFinite) || Math.abs(lon) > 180 || Math.abs(lat) > 85 || zoom < 0 || zoom > 22) return undefined
  return { center: [lon, lat], zoom }
}

export function viewText(view: View): string {
  return `${view.center[0].toFixed(5)},${view.center[1].toFixed(5)},${view.zoom.toFixed(1)}`
}

/** Layers that the address shows; all when it says nothing. */
export function layersOf(text: unknown): Set<Layer> {
  if (typeof text !== 'string') return new Set(LAYERS)
  return new Set(text.split(',').filter((each): each is Layer => (LAYERS as readonly string[]).includes(each)))
}

export type Box = [number, number, number, number]

/** A box made larger by a share on every side, so that small moves of the map need no new call. */
export function grown([west, south, east, north]: Box, share: number): Box {
  const dx = (east - west) * share
  const dy = (north - south) * share
  return [Math.max(-180, west - dx), Math.max(-87.9, south - dy), Math.min(180, east + dx), Math.min(87.9, north + dy)]
}

export function contains(outer: Box | undefined, inner: Box): boolean {
  return outer !== undefined && outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3]
}

export function bboxText(box: Box): string {
  return box.map((each) => each.toFixed(6)).join(',')
}
