import type { CalendarDraft } from '@/resources/useCalendar'

export type DayState = 'work' | 'rest' | 'holiday' | 'makeup' | 'none'

/** What a day is under a version: an ordinary day of work or rest, a holiday, a make-up workday, or outside it. */
export function stateOf(day: string, version: Pick<CalendarDraft, 'validFrom' | 'validTo' | 'holidays' | 'makeupDays'>): DayState {
  if (day < version.validFrom || day > version.validTo) return 'none'
  if (version.makeupDays.includes(day)) return 'makeup'
  if (version.holidays.includes(day)) return 'holiday'
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday === 0 || weekday === 6 ? 'rest' : 'work'
}

/** A click on a day: a workday becomes a holiday, a rest day a make-up workday, and back. */
export function toggle<T extends Pick<CalendarDraft, 'validFrom' | 'validTo' | 'holidays' | 'makeupDays'>>(day: string, version: T): T {
  const without = (days: string[]) => days.filter((each) => each !== day)
  const withDay = (days: string[]) => [...days, day].sort()
  switch (stateOf(day, version)) {
    case 'work': return { ...version, holidays: withDay(version.holidays) }
    case 'rest': return { ...version, makeupDays: withDay(version.makeupDays) }
    case 'holiday': return { ...version, holidays: without(version.holidays) }
    case 'makeup': return { ...version, makeupDays: without(version.makeupDays) }
    case 'none': return version
  }
}

/** The days of a month as weeks from Monday; null where the week holds days of another month. */
export function weeks(year: number, month: number): (string | null)[][] {
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const lead = (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 6) % 7
  const cells: (string | null)[] = Array.from({ length: lead }, () => null)
  for (let day = 1; day <= days; day += 1) cells.push(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`)
  while (cells.length % 7 > 0) cells.push(null)
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7))
}
