import { api } from '@/api/client'
import type { CaseStage } from '@/api/types/cases'
import type { Kind } from '@/api/types/places'

/** What a citizen sends; everything but the description may be left out. */
export interface PublicReport {
  kindId?: string
  description: string
  lon?: number
  lat?: number
  address?: string
  componentIdent?: string
  media: string[]
  name?: string
  phone?: string
}

/** What stands on a component's label. */
export interface LabelledThing {
  ident: string
  kindId: string
  lon: number
  lat: number
}

export interface PublicAccepted {
  trackingCode: string
  outcome: 'WAITING_PLACE' | 'OPENED' | 'JOINED' | 'DECLINED'
  caseNo: string | null
}

export interface PublicMoment {
  at: string
  /** `RECEIVED`, `DECLINED` or an action of the case. */
  key: string
  text: string | null
}

/** A report as its reporter sees it. */
export interface FollowedReport {
  trackingCode: string
  state: string
  /** Null while there is no case. */
  stage: CaseStage | null
  caseNo: string | null
  kindName: string | null
  description: string
  address: string | null
  areaName: string | null
  reportedAt: string
  media: string[]
  rateable: boolean
  rating: Satisfied | null
  timeline: PublicMoment[]
}

/** A kind as citizens choose it. */
export type PublicKind = Pick<Kind, 'id' | 'family' | 'nameZh' | 'nameEn' | 'majorZh' | 'majorEn'>

export type Satisfied = 'YES' | 'PARTLY' | 'NO'
export const SATISFIED: Satisfied[] = ['YES', 'PARTLY', 'NO']

export interface PublicMap {
  bounds: [number, number, number, number] | null
}

/** The citizen's side of the API (`/api/public`): no login. */
export function usePublicReports() {
  return {
    /** Sent again under the same key it is no second report, and gets the first answer. */
    report: (report: PublicReport, key: string) => api.post<PublicAccepted>('/public/reports', report, undefined, { 'Idempotency-Key': key }),
    follow: (code: string) => api.get<FollowedReport>(`/public/reports/${encodeURIComponent(code)}`),
    rate: (code: string, satisfied: Satisfied, text: string) => api.post<FollowedReport>(`/public/reports/${encodeURIComponent(code)}/rating`, { satisfied, text: text || undefined }),
    kinds: () => api.get<PublicKind[]>('/public/kinds'),
    thing: (ident: string) => api.get<LabelledThing>(`/public/components/${encodeURIComponent(ident)}`),
    map: () => api.get<PublicMap>('/public/map'),
    photoUrl: (code: string, sha256: string) => `/api/public/reports/${encodeURIComponent(code)}/media/${sha256}`,
    eventsUrl: (code: string) => `/api/public/reports/${encodeURIComponent(code)}/events`,
  }
}
