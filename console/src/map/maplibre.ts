import { AttributionControl, Map, Marker, NavigationControl, Popup, ScaleControl, setWorkerUrl } from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'

// The worker is our own file: bundled MapLibre cannot find it by itself.
setWorkerUrl(workerUrl)

export { AttributionControl, Map, Marker, NavigationControl, Popup, ScaleControl }
export type { GeoJSONSource, MapGeoJSONFeature, MapMouseEvent } from 'maplibre-gl'
