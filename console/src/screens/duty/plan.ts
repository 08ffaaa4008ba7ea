import type { NewShift } from '@/resources/useDuty'

/** What is planned at once: the same hours on each day from `first` to `last`. Days as `YYYY-MM-DD`, hours as `HH:mm` of the browser's clock. */
export interface Plan {
  personId: number
  areaCode: string
  first: string
  last: string
  begin: string
  end: string
  /** Days of the week that are left out, 0 (Sunday) to 6. */
  without: readonly number[]
  note: string
}

/** More days than this are a mistake; the server takes a thousand shifts. */
export const MOST_DAYS = 62

const midnight = (day: string) => new Date(`${day}T00:00`)
/** A shift whose end is not after its begin ends on the next day. */
const moment = (day: Date, clock: string, later: number) => new Date(day.getFullYear(), day.getMonth(), day.getDate() + later, ...(clock.split(':').map(Number) as [number, number]))

/** Number of days from the first to the last, both included; below 1 where they are the wrong way round. */
export function daysOf(first: string, last: string): number {
  return Math.round((midnight(last).getTime() - midnight(first).getTime()) / 86_400_000) + 1
}

export function shiftsOf(plan: Plan): NewShift[] {
  const from = midnight(plan.first)
  const days = Array.from({ length: Math.min(MOST_DAYS, daysOf(plan.first, plan.last)) }, (_, n) => new Date(from.getFullYear(), from.getMonth(), from.getDate() + n))
  return days.filter((day) => !plan.without.includes(day.getDay())).map((day) => ({
    personId: plan.personId, areaCode: plan.areaCode, note: plan.note.trim() || null,
    startsAt: moment(day, plan.begin, 0).toISOString(), endsAt: moment(day, plan.end, plan.end <= plan.begin ? 1 : 0).toISOString(),
  }))
}
