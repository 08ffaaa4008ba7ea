import type { Role } from './people'
import type { Area } from './places'

export const STAGES = [
  'REPORTED', 'ACCEPTED', 'VERIFYING', 'VERIFIED', 'FILED', 'DISPATCHED', 'RECEIVED', 'DISPOSED', 'CHECKED', 'CLOSED',
  'EVALUATED', 'NOT_ACCEPTED', 'VOID',
] as const
export type CaseStage = (typeof STAGES)[number]

export const ACTIONS = [
  'OPEN', 'IMPORT', 'ACCEPT', 'DECLINE', 'REQUEST_VERIFICATION', 'VERIFY', 'FILE', 'DISPATCH', 'RECEIVE', 'RETURN',
  'ASSIGN', 'DISPOSE', 'CHECK', 'CLOSE', 'EVALUATE', 'REQUEST_EXTENSION', 'DECIDE_EXTENSION', 'SUSPEND',
  'DECIDE_SUSPENSION', 'RESUME', 'SUPERVISE', 'URGE', 'VOID', 'REQUEST_FORCED_CLOSURE', 'DECIDE_FORCED_CLOSURE',
  'REOPEN', 'CLASSIFY', 'RELOCATE', 'JOIN_SIGNAL', 'SPLIT', 'MERGE', 'NOTE',
] as const
export type CaseAction = (typeof ACTIONS)[number]

export type DueState = 'OK' | 'SOON' | 'OVERDUE' | 'PAUSED' | 'NONE'

export const QUEUES = [
  'place', 'accept', 'verify', 'file', 'dispatch', 'handle', 'approve', 'check', 'close', 'evaluate', 'mine', 'overdue', 'soon', 'all',
] as const
export type QueueName = (typeof QUEUES)[number]

export interface QueueCount {
  queue: QueueName
  count: number
  overdue: number
  soon: number
}

export interface CaseRow {
  id: number
  caseNo: string
  stage: CaseStage
  title: string
  kindId: string | null
  kindName: string | null
  areaCode: string | null
  areaName: string | null
  address: string | null
  lon: number | null
  lat: number | null
  urgency: string | null
  reportedAt: string
  dueAt: string | null
  dueState: DueState
  remainingMinutes: number | null
  leadUnitId: number | null
  leadUnitName: string | null
  assigneeName: string | null
  signalCount: number
  supervised: boolean
  suspended: boolean
  thumbnail: string | null
  version: number
}

export interface CaseSignal {
  id: number
  channel: string
  description: string
  receivedAt: string
  media: string[]
  /** Why it joined this case, in words. */
  why: string | null
  /** Of the warning that it came from. */
  warningId?: string | null
}

export interface CaseStep {
  id: number
  seq: number
  action: CaseAction
  fromStage: CaseStage | null
  toStage: CaseStage | null
  at: string
  personName: string | null
  role: Role | null
  unitName: string | null
  elapsedWorkingMinutes: number | null
  late: boolean
  opinion: string | null
  media: string[]
  details: Record<string, unknown> | null
}

export interface ActionField {
  name: string
  type: string
  required: boolean
  options?: string[]
}

/** A step that the viewer may take now, or why not. */
export interface OfferedAction {
  action: CaseAction
  label?: string
  fields: ActionField[]
  reasonDisabled?: string | null
}

/** A request that waits; `action` is the one that decides it. */
export interface PendingRequest {
  id: number
  kind: 'EXTENSION' | 'SUSPENSION' | 'FORCED_CLOSURE'
  action: CaseAction
  reason: string | null
  minutes: number | null
  by: string | null
  at: string
}

export interface SuggestedUnit {
  id: number
  name: string
  why?: string | null
}
export interface DispatchSuggestion {
  leadUnit: SuggestedUnit | null
  assistUnits: SuggestedUnit[]
  why: string
  alternatives: SuggestedUnit[]
}

export interface CaseDetail extends CaseRow {
  description: string
  chain: Area[]
  assigneeId?: number | null
  assistUnitNames?: string[]
  assistUnitIds?: number[]
  componentIdent?: string | null
  sourceChannel?: string | null
  limits?: unknown
  counts?: Record<'rework' | 'return' | 'extension' | 'suspension' | 'urge' | 'reopen', number>
  citizenRating?: string | null
  timestamps?: Record<string, string | null>
  signals: CaseSignal[]
  steps: CaseStep[]
  actions: OfferedAction[]
  pending: PendingRequest[]
  dispatchSuggestion?: DispatchSuggestion | null
}

export interface StepCommand {
  action: CaseAction
  version: number
  [field: string]: unknown
}

export interface CaseNotice {
  caseId: number
  caseNo: string
  stage: CaseStage
  action: CaseAction
  areaCode: string
  at: string
}
