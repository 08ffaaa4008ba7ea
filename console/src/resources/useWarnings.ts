import { api, url } from '@/api/client'
import { useLoad } from '@/api/load'
import type { Role } from '@/api/types/people'
import type { Slice } from '@/api/types/slice'

export const GRADES = ['RED', 'ORANGE', 'YELLOW', 'BLUE'] as const
export type Grade = (typeof GRADES)[number]
export const VERDICTS = ['REAL', 'FALSE', 'MAINTENANCE'] as const
export type Verdict = (typeof VERDICTS)[number]
export const LEVELS = ['COMMUNITY', 'STREET', 'DISTRICT', 'CITY'] as const
export const TARGETS = ['OWNER', 'AREA', 'UNIT', 'DUTY'] as const
/** Of a route; a push goes along with the inbox. */
export const WAYS = ['INBOX', 'EMAIL', 'WEBHOOK'] as const

/** A graded warning (`/api/warnings`); `readings` are what was known, by the names of the rule. */
export interface Warning {
  id: number
  origin: 'WATCH' | 'SILENCE' | 'CAMERA'
  rule: string
  ruleVersion: number
  nameZh: string
  nameEn: string
  subject: string
  subjectZh: string
  subjectEn: string
  number: number
  live: boolean
  grade: Grade
  worst: Grade
  since: string
  gradeSince: string
  changedAt: string
  endedAt: string | null
  reasonZh: string
  reasonEn: string
  readings: Record<string, number>
  alarms: number
  lastAlarmAt: string
  typeCode: string | null
  groupCode: string
  lon: number | null
  lat: number | null
  areaCode: string
  areaName: string
  ownerUnit: { id: number; name: string } | null
  toldUnits: { id: number; name: string }[]
  acknowledgedName: string | null
  acknowledgedAt: string | null
  endedName: string | null
  verdict: Verdict | null
  openToAll: boolean
  wantsCase: boolean
  toldLevel: string | null
  escalateAt: string | null
}
/** A line of its history. */
export interface WarningStep {
  seq: number
  act: string
  grade: Grade
  at: string
  writtenAt: string
  reasonZh: string
  reasonEn: string
  readings: Record<string, number>
  personName: string | null
  capId: string | null
  capSent: string | null
}
/** Whom it was told, how and why. */
export interface Delivery {
  id: number
  seq: number
  level: string
  toName: string | null
  way: (typeof WAYS)[number] | 'PUSH'
  address: string
  whyZh: string
  whyEn: string
  asks: boolean
  state: 'WAITING' | 'SENT' | 'FAILED' | 'OVERTAKEN'
  attempts: number
  madeAt: string
  sentAt: string | null
  nextAt: string | null
  /** Why it did not arrive; null: it did, or nobody tried yet. */
  faultCode: string | null
  faultZh: string | null
  faultEn: string | null
  acknowledgedAt: string | null
}
export interface FullWarning {
  warning: Warning
  steps: WarningStep[]
  deliveries: Delivery[]
  /** What people read in place of the names of its readings; those without have none here. */
  readingNames: Record<string, { nameZh: string; nameEn: string; unit: string }>
}
/** Warnings of several rules at one place and time. */
export interface Situation {
  id: number
  grade: Grade
  since: string
  whyZh: string
  whyEn: string
  lon: number | null
  lat: number | null
  areaCode: string
  rules: number
  warnings: Warning[]
}
export interface CameraAlarm {
  id: number
  camera: string
  cameraName: string
  classCode: string
  at: string
  clear: boolean
  confidence: number | null
  /** Left, top, width, height as parts of the picture. */
  box: number[]
  picture: string | null
  outcome: string
  whyZh: string
  whyEn: string
}
export interface Route {
  id: number
  watch: string
  areaCode: string
  areaName: string
  level: (typeof LEVELS)[number]
  gradeFrom: Grade
  target: (typeof TARGETS)[number]
  unitId: number | null
  unitName: string | null
  dutyRole: Role | null
  way: (typeof WAYS)[number]
  address: string
  acknowledgeMinutes: number | null
  version: number
  changedBy: string
  changedAt: string
}
export interface HotSpot {
  rank: number
  place: string
  nameZh: string
  nameEn: string
  areaCode: string
  areaName: string
  lon: number | null
  lat: number | null
  alarms: number
  warnings: number
  red: number
  orange: number
  yellow: number
  blue: number
  falseAlarms: number
  cases: number
  acknowledgedMinutes: number | null
  rulesZh: string[]
  rulesEn: string[]
  last: string
}
export interface HotSpots {
  month: string
  areaCode: string | null
  areaName: string | null
  total: number
  totalWarnings: number
  spots: HotSpot[]
}
/** A report of hot spots in the inbox; `path` is its page. */
export interface SentReport {
  month: string
  areaCode: string
  areaName: string
  path: string
}
/** What an alarm of a camera means. */
export interface CameraClass {
  code: string
  nameZh: string
  nameEn: string
  category: string
  kindId: string | null
  grade: Grade
  minConfidence: number
  opensCase: boolean
  gb28181: string | null
  version: number
}
export interface Consent {
  unitId: number
  unitName: string
  classCode: string
  reason: string
  givenBy: string
  givenAt: string
}
export interface Tally {
  live: Partial<Record<Grade, number>>
  unacknowledged: number
}
/** What the server says over the live feed. `toPersons` and `toUnits` with the act `TOLD`. */
export interface WarningNotice {
  warningId: number
  act: string
  grade: Grade
  live: boolean
  nameZh: string
  nameEn: string
  subjectZh: string
  subjectEn: string
  areaCode: string
  step?: string
  asks?: boolean
  toPersons?: number[]
  toUnits?: number[]
}
export interface WarningFilter {
  live?: boolean
  grade?: Grade
  areaCode?: string
  rule?: string
  acknowledged?: boolean
}

export function useWarnings() {
  return {
    list: (of: WarningFilter, after?: string) => api.get<Slice<Warning>>('/warnings', { ...of, after, limit: 100 }),
    tally: (areaCode?: string) => api.get<Tally>('/warnings/tally', { areaCode }),
    situations: useLoad((areaCode?: string) => api.get<Situation[]>('/warnings/situations', { areaCode })),
    full: useLoad((id: number) => api.get<FullWarning>(`/warnings/${id}`)),
    alarms: useLoad((warningId: number) => api.get<Slice<CameraAlarm>>('/alarms/camera', { warningId, limit: 12 })),
    /** The case that it wanted, once there is one. */
    caseOf: useLoad((id: number) => api.get<{ caseId: number | null; caseNo: string | null }>('/signals/of-source', { system: 'warning', ref: id }).catch(() => undefined)),
    acknowledge: (id: number, note?: string) => api.post<Warning>(`/warnings/${id}/acknowledge`, { note }),
    end: (id: number, verdict: Verdict, reason: string) => api.post<Warning>(`/warnings/${id}/end`, { verdict, reason }),
    note: (id: number, text: string) => api.post<Warning>(`/warnings/${id}/notes`, { text }),
    open: (id: number, open: boolean, reason: string) => api.post<Warning>(`/warnings/${id}/public`, { open, reason }),
    capUrl: (id: number, seq?: number) => url(`/warnings/${id}/cap.xml`, { seq }),
    pictureUrl: (id: number, thumbnail: boolean) => url(`/alarms/camera/${id}/picture`, { thumbnail }),
  }
}

export function useRoutes() {
  return {
    routes: useLoad(() => api.get<Route[]>('/warning-routes')),
    create: (body: unknown) => api.post<{ route: Route; secret: string | null }>('/warning-routes', body),
    change: (id: number, body: unknown) => api.put<{ route: Route; secret: string | null }>(`/warning-routes/${id}`, body),
    renewSecret: (id: number) => api.post<{ route: Route; secret: string | null }>(`/warning-routes/${id}/secret`),
    remove: (id: number) => api.delete(`/warning-routes/${id}`),
  }
}

export function useHotSpots() {
  return {
    report: useLoad((month: string, areaCode?: string) => api.get<HotSpots>('/warnings/hotspots', { month, areaCode, limit: 50 })),
    /** What was sent to the person's unit, the latest first. */
    sent: useLoad(() => api.get<{ report: SentReport }[]>('/warnings/inbox', { reports: true, limit: 12 }).then((letters) => letters.map((each) => each.report))),
    sheetUrl: (month: string, areaCode: string | undefined, lang: string) => url('/warnings/hotspots.xlsx', { month, areaCode, lang }),
  }
}

export function useCameraClasses() {
  return {
    classes: useLoad(() => api.get<CameraClass[]>('/camera-classes')),
    consents: useLoad(() => api.get<Consent[]>('/camera-consents')),
    put: (code: string, body: unknown) => api.put<CameraClass>(`/camera-classes/${encodeURIComponent(code)}`, body),
    give: (unitId: number, code: string, reason: string) => api.put(`/camera-consents/${unitId}/${encodeURIComponent(code)}`, { reason }),
    withdraw: (unitId: number, code: string) => api.delete(`/camera-consents/${unitId}/${encodeURIComponent(code)}`),
  }
}
