/** Layers whose things have a page of their own, and where it is. */
const PAGES: Record<string, (id: string) => string> = {
  cases: (id) => `/cases/${id}`,
  components: (id) => `/components/${encodeURIComponent(id)}`,
  buildings: (id) => `/buildings/${encodeURIComponent(id)}`,
  warnings: (id) => `/warnings/${id}`,
}

/** The page of a thing of a layer; `undefined` for what has none. A household is shown with the building it lives in. */
export function pageOf(layer: string | undefined, id: unknown, properties?: Record<string, unknown> | null): string | undefined {
  if (layer === 'households') return typeof properties?.building === 'string' ? PAGES.buildings!(properties.building) : undefined
  return id === undefined || id === null || layer === undefined ? undefined : PAGES[layer]?.(String(id))
}

/** The layer that a hit of the search lies in. A building of the base map is a name with a place, not one of the register. */
export function layerOf(hit: { type: string; id: string }): string | undefined {
  if (hit.type === 'building' || hit.type === 'address') return /^[0-9A-Z-]{4,30}$/.test(hit.id) ? 'buildings' : undefined
  return { case: 'cases', component: 'components' }[hit.type]
}

/** Text of the link to such a page. */
export function openWords(layer: string | undefined): string {
  if (layer === 'cases') return 'cockpit.region.openCase'
  if (layer === 'warnings') return 'cockpit.region.openWarning'
  return layer === 'components' ? 'cockpit.region.openComponent' : 'cockpit.region.openBuilding'
}
