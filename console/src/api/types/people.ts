export const PERMISSIONS = [
  'CASE_READ', 'CASE_WORK', 'CASE_MERGE', 'SIGNAL_READ', 'SIGNAL_REPORT', 'SIGNAL_TRIAGE', 'SIGNAL_IMPORT',
  'PERSONAL_DATA_REVEAL', 'PLACE_READ', 'PLACE_EDIT', 'BUILDING_READ', 'BUILDING_EDIT', 'HOUSEHOLD_READ', 'CATALOGUE_EDIT', 'CALENDAR_EDIT', 'MATRIX_READ', 'MATRIX_EDIT',
  'EVALUATION_READ', 'EVALUATION_EXPORT', 'MAP_EXPORT', 'UNIT_READ', 'UNIT_EDIT', 'PERSON_READ', 'PERSON_EDIT', 'GRANT_EDIT',
  'API_KEY_EDIT', 'API_KEY_APPROVE', 'AUDIT_READ', 'METRICS_READ', 'LIVE', 'SELF', 'DUTY_READ', 'ROSTER_EDIT',
  'SENSING_READ', 'DEVICE_EDIT', 'DEVICE_COMMAND', 'OBSERVATION_WRITE', 'RULE_EDIT', 'WARNING_WORK', 'VITALS_READ', 'VITALS_ENTER', 'VITALS_EDIT',
] as const
export type Permission = (typeof PERMISSIONS)[number]

export const ROLES = [
  'COLLECTOR', 'ACCEPTOR', 'SHIFT_LEADER', 'DISPATCHER', 'HANDLER', 'VERIFIER', 'EVALUATOR', 'LEADER',
  'SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN',
] as const
export type Role = (typeof ROLES)[number]

export interface Position {
  id: number
  role: Role
  unitId: number
  unitName: string
  areaCode: string
  areaName?: string | null
}

export interface Me {
  personId: number
  login: string
  name: string
  mustChangePassword: boolean
  position: Position | null
  positions: Position[]
  permissions: Permission[]
  locale?: string | null
}

export type UnitKind = 'CENTRE' | 'DEPARTMENT' | 'STREET_OFFICE' | 'COMMUNITY' | 'ENTERPRISE'
export type Stationing = 'NONE' | 'WHOLE' | 'REGULAR' | 'TEMPORARY'

export interface Unit {
  id: number
  code: string
  name: string
  kind: UnitKind
  parentId: number | null
  areaCode: string
  stationing: Stationing
  stationedUntil: string | null
  active: boolean
}

/** Whom a task can be given to (`/api/units/{id}/people`). */
export interface Colleague {
  id: number
  name: string
  role: Role
  unitId: number
  unitName: string
}

export interface Person {
  id: number
  login: string
  name: string
  phone: string | null
  active: boolean
  lockedUntil: string | null
  positions: Position[]
}
