import { api } from '@/api/client'
import type { Area, FoundPlace, Spot } from '@/api/types/places'

/** The areas of a spot from the city down. */
export function chainOf(spot: Spot | undefined): Area[] {
  if (!spot) return []
  return [spot.city, spot.district, spot.street, spot.community, spot.unitGrid].filter((each): each is Area => each !== null && each !== undefined)
}

/** A chain in words, as the server writes it: "云栖区 · 望江街道 · 梧桐社区 · 003网格"; the city is left out when more is known. */
export function chainWords(chain: readonly Area[], locale: string): string {
  const shown = chain.length > 1 ? chain.filter((each) => each.level !== 'CITY') : chain
  return shown.map((each) => (locale === 'en' ? (each.nameEn ?? each.name) : each.name)).join(' · ')
}

/** Places of the city (`/api/places`). */
export function usePlaces() {
  return {
    locate: async (lon: number, lat: number): Promise<Spot> => (await api.get<{ spot: Spot }>('/places/locate', { lon: lon.toFixed(7), lat: lat.toFixed(7) })).spot,
    /** The BeiDou grid code of a position. */
    code: async (lon: number, lat: number): Promise<string> => (await api.get<{ gridCode: string }>('/places/locate', { lon: lon.toFixed(7), lat: lat.toFixed(7) })).gridCode,
    async search(words: string): Promise<FoundPlace[]> {
      const answer = await api.get<FoundPlace[] | { items: FoundPlace[] }>('/places/search', { q: words })
      return Array.isArray(answer) ? answer : answer.items
    },
  }
}
