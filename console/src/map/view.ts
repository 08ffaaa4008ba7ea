/** Where the map looks; degrees. */
export interface View {
  center: [number, number]
  zoom: number
  /** 0 looks straight down. */
  pitch?: number
  bearing?: number
}

/** `at=118.79123,32.04001,14.2` of the address, perhaps with pitch and bearing; undefined when it is not a view of the earth. */
export function viewOf(text: unknown): View | undefined {
  if (typeof text !== 'string') return undefined
  const parts = text.split(',')
  if (![2, 3, 5].includes(parts.length) || parts.some((each) => each.trim() === '')) return undefined
  const [lon, lat, zoom, pitch, bearing] = [Number(parts[0]), Number(parts[1]), Number(parts[2] ?? 16), Number(parts[3] ?? 0), Number(parts[4] ?? 0)]
  if (![lon, lat, zoom, pitch, bearing].every(Number.isFinite)) return undefined
  if (Math.abs(lon) > 180 || Math.abs(lat) > 85 || zoom < 0 || zoom > 22 || pitch < 0 || pitch > 60 || Math.abs(bearing) > 180) return undefined
  return { center: [lon, lat], zoom, ...(parts.length === 5 ? { pitch, bearing } : {}) }
}

export function viewText(view: View): string {
  const flat = `${view.center[0].toFixed(5)},${view.center[1].toFixed(5)},${view.zoom.toFixed(2)}`
  return view.pitch || view.bearing ? `${flat},${(view.pitch ?? 0).toFixed(0)},${(view.bearing ?? 0).toFixed(0)}` : flat
}
