import type { CaseDetail, CaseStage } from '@/api/types/cases'

export const PHASES = ['report', 'accept', 'file', 'dispatch', 'handle', 'check', 'close'] as const
export type Phase = (typeof PHASES)[number]

/** How many phases are over in a stage; the phase at this index is the one under way. */
const DONE: Record<CaseStage, number> = {
  REPORTED: 1, ACCEPTED: 2, VERIFYING: 2, VERIFIED: 2, FILED: 3, DISPATCHED: 4, RECEIVED: 4, DISPOSED: 5, CHECKED: 6, CLOSED: 7,
  EVALUATED: 7, NOT_ACCEPTED: 1, VOID: 0,
}

const STAMP: Record<Phase, string> = {
  report: 'reportedAt', accept: 'acceptedAt', file: 'filedAt', dispatch: 'dispatchedAt', handle: 'disposedAt', check: 'checkedAt', close: 'closedAt',
}

/** The phases of a case with their state and time. */
export function progressOf(of: Pick<CaseDetail, 'stage' | 'timestamps' | 'reportedAt'>): { phase: Phase; state: 'done' | 'now' | 'ahead' | 'off'; at: string | null }[] {
  const done = DONE[of.stage]
  const ended = of.stage === 'NOT_ACCEPTED' || of.stage === 'VOID'
  const stamps: Record<string, string | null | undefined> = { reportedAt: of.reportedAt, ...of.timestamps }
  return PHASES.map((phase, index) => {
    const at = stamps[STAMP[phase]] ?? null
    if (ended) return { phase, state: at ? 'done' : 'off', at }
    return { phase, state: index < done ? 'done' : index === done ? 'now' : 'ahead', at: index < done ? at : null }
  })
}
