import { api } from '@/api/client'
import type { CaseRow } from '@/api/types/cases'
import type { AreaLevel } from '@/api/types/places'
import type { Slice } from '@/api/types/slice'

export const GRADES = ['NORMAL', 'BLUE', 'YELLOW', 'ORANGE', 'RED'] as const
export type Grade = (typeof GRADES)[number]
export type VitalState = 'OK' | 'STALE' | 'COMPUTING' | 'NONE' | 'PENDING'
export const DIRECTIONS = ['HIGHER', 'LOWER', 'RANGE', 'NONE'] as const
export const SOURCES = ['FORMULA', 'MANUAL', 'SURVEY', 'DATASET', 'GROUP'] as const
export const AGGREGATIONS = ['SUM', 'MEAN', 'WORST', 'EACH'] as const
export const VITAL_PERIODS = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const
export type VitalPeriod = (typeof VITAL_PERIODS)[number]

export interface AreaName {
  code: string
  name: string
  nameEn: string | null
  level: AreaLevel
}
export interface Dimension {
  code: string
  nameZh: string
  nameEn: string
  /** 0 to 100; null where nothing fresh counts. */
  score: number | null
  grade: Grade | null
  /** 0 to 1: share of the weight that has fresh values. */
  coverage: number
  indicators: number
  pending: number
  stale: number
  wrong: number
  since: string | null
  before: number | null
  beforeAt: string | null
  /** Scores of the last days, the newest last. */
  trail: (number | null)[]
}
export interface AreaValue {
  area: string
  name: string
  nameEn: string | null
  value: number | null
  grade: Grade | null
  score: number | null
}
export interface WrongIndicator {
  code: string
  dimension: string
  nameZh: string
  nameEn: string
  value: number
  unit: string
  decimals: number
  grade: Grade
  from: string
  to: string
  since: string
  worst: AreaValue[]
}
export interface AreaHealth {
  area: string
  name: string
  nameEn: string | null
  score: number | null
  grade: Grade | null
  coverage: number
  /** Of the dimensions, in their order. */
  scores: (number | null)[]
}
export interface VitalsOverview {
  area: AreaName
  chain: AreaName[]
  at: string
  score: number | null
  grade: Grade | null
  coverage: number
  dimensions: Dimension[]
  wrong: WrongIndicator[]
  areas: AreaHealth[]
}
export interface VitalRow {
  code: string
  parentCode: string | null
  nameZh: string
  nameEn: string
  meaningZh: string
  meaningEn: string
  unit: string
  decimals: number
  direction: (typeof DIRECTIONS)[number]
  source: (typeof SOURCES)[number]
  aggregation: (typeof AGGREGATIONS)[number]
  period: VitalPeriod
  weight: number
  state: VitalState
  value: number | null
  above: number | null
  below: number | null
  grade: Grade | null
  score: number | null
  coverage: number
  from: string | null
  to: string | null
  asOf: string | null
  standardRef: string
  evidence: 'VERIFIED' | 'RECALLED' | 'LOCAL'
  /** Judged when its period is over. */
  grows: boolean
  /** How far the values have come after a change; null: they are all there. */
  computing: { done: number; of: number | null } | null
  /** The value is of an earlier definition: its period was over before the change. */
  earlier: boolean
}
export interface VitalPoint {
  from: string
  to: string
  value: number
  grade: Grade | null
  score: number | null
  over: boolean
  /** Of an earlier definition. */
  earlier: boolean
}
export interface VitalComparison {
  from: string
  to: string
  value: number | null
  change: number | null
  percent: number | null
  /** The value is of an earlier definition, and there is no change to speak of. */
  earlier: boolean
}
export type Bounds = (number | [number, number])[]
export interface VitalDefinition {
  formula: string | null
  thresholds: Record<string, Bounds>
  freshSeconds: number
  ownerUnitId: number | null
  ownerUnit: string | null
  validFrom: string
  validTo: string | null
  version: number
  changedBy: string
  changedAt: string
  position: number
}
export interface VitalDetail {
  row: VitalRow
  definition: VitalDefinition
  area: AreaName
  chain: AreaName[]
  previous: VitalComparison | null
  yearBefore: VitalComparison | null
  trend: { slope: number | null; direction: 'RISING' | 'FALLING' | 'STEADY' | 'UNKNOWN'; better: boolean | null }
  since: string | null
  history: VitalPoint[]
}
export interface Contribution {
  /** null: in the area, but in none below it. */
  area: string | null
  name: string | null
  nameEn: string | null
  value: number | null
  before: number | null
  grade: Grade | null
  score: number | null
  rate: number | null
  mix: number | null
  total: number | null
}
export interface Contributions {
  from: string
  to: string
  beforeFrom: string
  beforeTo: string
  value: number | null
  before: number | null
  change: number | null
  exact: boolean
  rows: Contribution[]
}
export interface BehindFigure {
  name: string
  nameZh: string
  nameEn: string
  part: 'above' | 'below'
  factor: number | null
  amount: number | null
  open: 'cases' | 'devices' | 'buildings' | 'warnings' | null
  query: Record<string, string>
}
export interface Behind {
  from: string
  to: string
  figures: BehindFigure[]
  indicators: VitalRow[]
  entries: { area: string; name: string | null; nameEn: string | null; value: number | null; base: number | null; note: string; enteredBy: string; enteredAt: string }[]
}
export interface IndicatorForm {
  code?: string
  parentCode?: string
  nameZh?: string
  nameEn?: string
  meaningZh?: string
  meaningEn?: string
  unit?: string
  decimals?: number
  direction?: string
  source?: string
  formula?: string
  aggregation?: string
  period?: string
  weight?: number
  thresholds?: Record<string, Bounds>
  freshHours?: number
  ownerUnitId?: number
  standardRef?: string
  /** Fields that are to be empty. */
  clear?: string[]
  version?: number
}
export interface Checked {
  reads: { name: string; nameZh: string; nameEn: string }[]
  quotient: boolean
  grows: boolean
  past: boolean
  from: string
  to: string
  samples: { area: string; areaName: string; above: number | null; below: number | null; value: number | null }[]
}

/** The vital signs of an area and its indicators (`/api/vitals`). */
export function useVitals() {
  const at = (code: string) => `/vitals/indicators/${encodeURIComponent(code)}`
  return {
    overview: (area?: string) => api.get<VitalsOverview>('/vitals', { area }),
    indicators: (area?: string) => api.get<VitalRow[]>('/vitals/indicators', { area }),
    detail: (code: string, area?: string) => api.get<VitalDetail>(at(code), { area }),
    contributions: (code: string, area?: string, from?: string, before?: string) => api.get<Contributions>(`${at(code)}/areas`, { area, from, before }),
    behind: (code: string, area?: string, from?: string) => api.get<Behind>(`${at(code)}/behind`, { area, from }),
    /** The cases that a figure counted. */
    cases: (query: Record<string, string>, limit: number, after?: string) => api.get<Slice<CaseRow>>('/cases/counted', { ...query, limit, after }),
    figures: () => api.get<{ name: string; nameZh: string; nameEn: string; nature: string }[]>('/vitals/figures'),
    create: (form: IndicatorForm) => api.post<VitalDetail>('/vitals/indicators', form),
    change: (code: string, form: IndicatorForm) => api.put<VitalDetail>(at(code), form),
    check: (form: IndicatorForm, area?: string) => api.post<Checked>('/vitals/check', form, { area }),
    enter: (code: string, value: { area: string; at: string; value: number | null; base: number | null; note: string }) => api.put<Behind>(`${at(code)}/values`, value),
  }
}
