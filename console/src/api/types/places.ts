export type AreaLevel = 'CITY' | 'DISTRICT' | 'STREET' | 'COMMUNITY' | 'UNIT_GRID'
export interface Area {
  code: string
  parentCode: string | null
  level: AreaLevel
  name: string
  nameEn?: string | null
  center: [number, number] | null
}

/** Where a point lies: the chain from the city down to the unit grid. */
export interface Spot {
  cell?: unknown
  unitGrid: Area | null
  community: Area | null
  street: Area | null
  district: Area | null
  city: Area | null
}

export interface FoundPlace {
  kind: 'area' | 'component' | 'road' | 'address'
  name: string
  lon: number
  lat: number
  areaCode: string | null
}

export type KindFamily = 'COMPONENT' | 'MATTER'
export interface Kind {
  id: string
  standardRef: string
  family: KindFamily
  code: string
  nameZh: string
  nameEn: string | null
  majorZh: string | null
  majorEn: string | null
  keywords: string[]
  validFrom: string | null
  validTo: string | null
  extension: boolean
}

/** The base map as TileJSON. */
export interface Basemap {
  revision: string
  tiles: string[]
  minzoom: number
  maxzoom: number
  vector_layers: { id: string }[]
  /** Whom to name beside the map; empty for our own data. */
  attribution: string
}
