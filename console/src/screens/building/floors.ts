import type { BuildingEnterprise, BuildingRoom, Household, Occupancy } from '@/api/types/buildings'

export interface Room {
  number: string
  floor: number | undefined
  occupancy: Occupancy
  households: Household[]
  enterprises: BuildingEnterprise[]
}
export interface Floor {
  /** Undefined for rooms that tell no floor. */
  floor: number | undefined
  rooms: Room[]
}

/** The floor in a room's number: `1203` and `2-1203` lie on the 12th, `B1-02` one below the ground. */
export function floorOf(number: string): number | undefined {
  const below = /(?:^|-)B(\d)/i.exec(number)
  if (below) return -Number(below[1])
  const digits = /(?:^|-)(\d{3,5})$/.exec(number)?.[1]
  return digits === undefined ? undefined : Number(digits.slice(0, -2))
}

/**
 * The rooms of a building by floor, the highest first, those without a floor last. Rooms are those on file; where the
 * server does not list them, those in which somebody is known to live or work.
 */
export function floorsOf(rooms: readonly BuildingRoom[] | undefined, households: readonly Household[], enterprises: readonly BuildingEnterprise[]): Floor[] {
  const all = new Map<string, Room>()
  const room = (number: string, occupancy: Occupancy, floor?: number | null): Room => {
    const known = all.get(number)
    if (known) return known
    const made: Room = { number, floor: floor ?? floorOf(number), occupancy, households: [], enterprises: [] }
    all.set(number, made)
    return made
  }
  for (const each of rooms ?? []) room(each.number, each.occupancy, each.floor)
  for (const each of households) room(each.room, each.occupancy).households.push(each)
  for (const each of enterprises) if (each.room) room(each.room, 'BUSINESS').enterprises.push(each)
  const floors = new Map<number | undefined, Room[]>()
  for (const each of all.values()) floors.set(each.floor, [...(floors.get(each.floor) ?? []), each])
  return [...floors]
    .map(([floor, of]) => ({ floor, rooms: of.sort((a, b) => a.number.localeCompare(b.number, 'en', { numeric: true })) }))
    .sort((a, b) => (b.floor ?? -Infinity) - (a.floor ?? -Infinity))
}
