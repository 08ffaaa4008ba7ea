import type { CaseStage } from '@/api/types/cases'

/** The way of a report in five steps that a citizen knows; `off` for one that ended early. */
export const PHASES = ['sent', 'looking', 'assigned', 'fixed', 'closed'] as const
export type Phase = (typeof PHASES)[number] | 'off'

const PHASE: Record<CaseStage, Phase> = {
  REPORTED: 'sent', ACCEPTED: 'looking', VERIFYING: 'looking', VERIFIED: 'looking', FILED: 'looking', DISPATCHED: 'assigned', RECEIVED: 'assigned',
  DISPOSED: 'fixed', CHECKED: 'fixed', CLOSED: 'closed', EVALUATED: 'closed', NOT_ACCEPTED: 'off', VOID: 'off',
}

export function phaseOf(report: { stage: CaseStage | null; state: string }): Phase {
  if (report.stage) return PHASE[report.stage] ?? 'sent'
  return report.state === 'DECLINED' ? 'off' : 'sent'
}

/** The step that a citizen's sentence is about: more exact than the phase. */
export function sentenceOf(report: { stage: CaseStage | null; state: string }): string {
  if (report.stage) return report.stage
  return report.state === 'DECLINED' ? 'DECLINED' : 'WAITING_PLACE'
}
