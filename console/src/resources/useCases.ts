import { api } from '@/api/client'
import { useLoad } from '@/api/load'
import type { CaseDetail, CaseRow, DispatchSuggestion, StepCommand } from '@/api/types/cases'
import type { Slice } from '@/api/types/slice'

export interface CaseFilter {
  queue?: string
  stage?: string
  kindId?: string
  areaCode?: string
  unitId?: string
  overdue?: string
  q?: string
  from?: string
  to?: string
  closedFrom?: string
  sort?: string
}

/** The list of cases under a filter (`/api/cases`), page after page. */
export function useCaseList(limit = 60) {
  const list = useLoad(async (filter: CaseFilter, upTo: number = limit): Promise<Slice<CaseRow>> => {
    let page = await api.get<Slice<CaseRow>>('/cases', { ...filter, limit: Math.min(upTo, 200) })
    const items = [...page.items]
    while (page.next && items.length < upTo) {
      page = await api.get<Slice<CaseRow>>('/cases', { ...filter, limit: Math.min(upTo - items.length, 200), after: page.next })
      items.push(...page.items)
    }
    return { items, next: page.next }
  })

  async function more(filter: CaseFilter): Promise<void> {
    const now = list.data.value
    if (!now?.next) return
    const page = await api.get<Slice<CaseRow>>('/cases', { ...filter, limit, after: now.next })
    if (list.data.value === now) list.data.value = { items: [...now.items, ...page.items], next: page.next }
  }

  return { ...list, more }
}

/** One case and what may be done with it. */
export function useCase() {
  const detail = useLoad((id: number) => api.get<CaseDetail>(`/cases/${id}`))
  return {
    ...detail,
    async step(id: number, command: StepCommand): Promise<CaseDetail> {
      const after = await api.post<CaseDetail>(`/cases/${id}/steps`, command)
      detail.data.value = after
      return after
    },
    /** Answers the new case. */
    split: (id: number, version: number, signalIds: number[]) => api.post<CaseDetail>(`/cases/${id}/split`, { version, signalIds }),
    suggestion: (id: number) => api.get<DispatchSuggestion>('/dispatch/suggestion', { caseId: id }),
  }
}
