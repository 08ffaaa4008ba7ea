import { api } from '@/api/client'

export interface Shift {
  /** Local time, `08:00` or `08:00:00`. */
  open: string
  close: string
}
export interface CalendarDraft {
  validFrom: string
  validTo: string
  shifts: Shift[]
  holidays: string[]
  makeupDays: string[]
  source: string
}
export interface CalendarVersion extends CalendarDraft {
  number: number
  changedBy: string
  changedAt: string
}

export const URGENCIES = ['NORMAL', 'URGENT'] as const
export const LIMIT_UNITS = ['URGENT_HOUR', 'WORKING_HOUR', 'WORKING_DAY', 'WORKING_DAY_END', 'NATURAL_DAY'] as const
export interface DisposalLimit {
  kindPattern: string
  urgency: (typeof URGENCIES)[number]
  value: number
  unit: (typeof LIMIT_UNITS)[number]
  filingCondition: string
  closingCondition: string
  source: string
}
export interface StageLimit {
  act: 'FILE' | 'DISPATCH' | 'CHECK'
  urgency: (typeof URGENCIES)[number]
  minutes: number
  continuous: boolean
}
export interface Limits {
  rules: DisposalLimit[]
  stageLimits: StageLimit[]
}

const SHIPPED: Readonly<Record<string, string>> = {
  "sample, recalled from local practice; not a standard's table": 'admin.shipped.limits',
  'State Council notice of 2025-11-04 on the public holidays of 2026': 'admin.shipped.calendar',
  shipped: 'admin.shipped.by',
}
/** What the software came with says where it is from in English; a city's own words stay as they are. */
export const sayShipped = (text: string, t: (key: string) => string): string => (Object.hasOwn(SHIPPED, text) ? t(SHIPPED[text]!) : text)

/** The working calendar (`/api/calendar`): a change is a new version, which wins on its days. */
export function useCalendar() {
  return {
    read: () => api.get<{ zone: string; versions: CalendarVersion[] }>('/calendar'),
    add: (draft: CalendarDraft) => api.put<{ version: CalendarVersion; recomputed: number }>('/calendar', draft),
  }
}

/** The limits by kind and of the centre's stages (`/api/case-rules`), replaced as a whole. */
export function useLimits() {
  return { read: () => api.get<Limits>('/case-rules'), replace: (limits: Limits) => api.put<Limits>('/case-rules', limits) }
}
