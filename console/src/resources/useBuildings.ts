import { api } from '@/api/client'
import { useLoad } from '@/api/load'
import type { Building, BuildingCount, BuildingFile, Household } from '@/api/types/buildings'
import type { Slice } from '@/api/types/slice'
import type { Purpose } from '@/parts/purposes'

export interface BuildingQuestion {
  area?: string
  q?: string
}
const PAGE = 50
const at = (ident: string, rest = '') => `/buildings/${encodeURIComponent(ident)}${rest}`

/** The register of buildings (`/api/buildings`), page after page, and how many lie in each area. */
export function useBuildings() {
  const page = (question: BuildingQuestion, after?: string) => api.get<Slice<Building>>('/buildings', { ...question, after, limit: PAGE })
  const list = useLoad((question: BuildingQuestion) => page(question))
  async function more(question: BuildingQuestion): Promise<void> {
    const now = list.data.value
    if (!now?.next) return
    const following = await page(question, now.next)
    if (list.data.value === now) list.data.value = { items: [...now.items, ...following.items], next: following.next }
  }
  return { list, more, counts: useLoad((area: string) => api.get<BuildingCount[]>('/buildings:counts', { area })) }
}

/** The file of one building, its households masked. */
export function useBuilding() {
  return {
    file: useLoad((ident: string) => api.get<BuildingFile>(at(ident))),
    households: useLoad((ident: string) => api.get<Household[]>(at(ident, '/households'))),
    revealHousehold: (id: number, purpose: Purpose) => api.post<{ head: string | null; phone: string | null }>(`/households/${id}/reveal`, purpose),
    revealEnterprise: (id: number, purpose: Purpose) => api.post<{ contact: string | null; phone: string | null }>(`/enterprises/${id}/reveal`, purpose),
  }
}
