export const BUILDING_USES = ['RESIDENTIAL', 'OFFICE', 'SHOP', 'MIXED', 'PUBLIC', 'INDUSTRIAL', 'OTHER'] as const
export type BuildingUse = (typeof BUILDING_USES)[number]
export const OCCUPANCIES = ['OWNER', 'RENTED', 'BUSINESS', 'VACANT', 'UNKNOWN'] as const
export type Occupancy = (typeof OCCUPANCIES)[number]

/** A building of the register (`/api/buildings`). */
export interface Building {
  ident: string
  name: string
  address: string | null
  use: BuildingUse
  floors: number | null
  /** Metres; missing where the server does not know it. */
  height?: number | null
  built: number | null
  areaCode: string
  lon: number
  lat: number
  rooms: number
  households: number
  enterprises: number
  caredFor: number
}
export interface BuildingRoom {
  number: string
  floor: number | null
  occupancy: Occupancy
}
export interface BuildingEnterprise {
  id?: number
  name: string
  uscc: string | null
  trade: string | null
  room: string | null
  /** Masked. */
  contact?: string | null
  phone?: string | null
}
export interface CareCount {
  code: string
  nameZh: string
  nameEn: string
  grade: number
  households: number
}
export interface BuildingFile {
  building: Building
  occupancy: { occupancy: Occupancy; rooms: number }[]
  enterprises: BuildingEnterprise[]
  /** Null for whoever may not see households. */
  care: CareCount[] | null
  rooms?: BuildingRoom[]
}
/** A household, masked. */
export interface Household {
  id: number
  room: string
  occupancy: Occupancy
  members: number
  care: string[]
  head: string | null
  phone: string | null
  /** Its personal data do not open any more. */
  sealBroken?: boolean
}
export interface BuildingCount {
  areaCode: string
  buildings: number
  rooms: number
  households: number
  enterprises: number
  caredFor: number
}
