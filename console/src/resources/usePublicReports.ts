import { api } from '@/api/client'
import type { CaseStage, Kind } from '@/api/types'

/** What a citizen sends; everything but the description may be left out. */
export interface PublicReport {
  kindId?: string
  description: string
  lon?: number
  lat?: number
  address?: string
  media: string[]
  name?: string
  phone?: string
}

export interface PublicAccepted {
  trackingCode: string
  outcome?: 'WAITING_PLACE' | 'OPENED' | 'JOINED'
  caseNo?: string | null
}

export interface PublicMoment {
  at: string
  /** What happened: a stage, an action or an outcome. */
  key: string
  text?: string | null
}

/** A report as its reporter sees it. */
export interface FollowedReport {
  trackingCode?: string
  state: string
  stage: CaseStage | null
  caseNo: string | null
  outcome?: string | null
  description?: string | null
  kindName?: string | null
  address?: string | null
  areaName?: string | null
  reportedAt?: string | null
  timeline: PublicMoment[]
  media: string[]
  rateable?: boolean
  rating?: { satisfied: Satisfied; text?: string | null; at?: string | null } | Satisfied | null
}

export type Satisfied = 'YES' | 'PARTLY' | 'NO'
export const SATISFIED: Satisfied[] = ['YES', 'PARTLY', 'NO']

export interface PublicMap {
  bounds: [number, number, number, number] | null
}

/** The citizen's side of the API (`/api/public`): no login. */
export function usePublicReports() {
  return {
    report: (report: PublicReport) => api.post<PublicAccepted>('/public/reports', report),
    follow: (code: string) => api.get<FollowedReport>(`/public/reports/${encodeURIComponent(code)}`),
    rate: (code: string, satisfied: Satisfied, text: string) => api.post<unknown>(`/public/reports/${encodeURIComponent(code)}/rating`, { satisfied, text: text || undefined }),
    kinds: async () => {
      const answer = await api.get<Kind[] | { items: Kind[] }>('/public/kinds')
      return Array.isArray(answer) ? answer : answer.items
    },
    map: () => api.get<PublicMap>('/public/map'),
    eventsUrl: (code: string) => `/api/public/reports/${encodeURIComponent(code)}/events`,
  }
}
