import type { LocationQuery } from 'vue-router'
import { OBJECTS, PERIODS, type EvaluationObject, type EvaluationPeriod, type EvaluationQuestion } from '@/resources/useEvaluation'

const two = (n: number) => String(n).padStart(2, '0')
/** A local day as `2026-11-22`. */
export function day(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
function parse(at: string): Date {
  const [year, month, date] = at.split('-').map(Number)
  return new Date(year!, month! - 1, date)
}

/** First and last day of the period that holds `at`; weeks begin on Monday. */
export function span(period: EvaluationPeriod, at: string): { from: string; to: string } {
  const date = parse(at)
  const year = date.getFullYear()
  const month = date.getMonth()
  if (period === 'day') return { from: at, to: at }
  if (period === 'week') {
    const back = (date.getDay() + 6) % 7
    return { from: day(new Date(year, month, date.getDate() - back)), to: day(new Date(year, month, date.getDate() - back + 6)) }
  }
  const first = period === 'year' ? 0 : period === 'quarter' ? month - (month % 3) : month
  const months = { month: 1, quarter: 3, year: 12 }[period]
  return { from: day(new Date(year, first, 1)), to: day(new Date(year, first + months, 0)) }
}

/** The first day of the period `by` periods later (earlier where negative). */
export function shift(period: EvaluationPeriod, at: string, by: number): string {
  const from = parse(span(period, at).from)
  if (period === 'day' || period === 'week') return day(new Date(from.getFullYear(), from.getMonth(), from.getDate() + by * (period === 'week' ? 7 : 1)))
  return day(new Date(from.getFullYear(), from.getMonth() + by * { month: 1, quarter: 3, year: 12 }[period], 1))
}

/** A period in short, the same in every language: `2026`, `2026-Q4`, `2026-11`, `2026-11-16 – 11-22`, `2026-11-22`. */
export function say(period: EvaluationPeriod, at: string): string {
  const { from, to } = span(period, at)
  if (period === 'year') return from.slice(0, 4)
  if (period === 'quarter') return `${from.slice(0, 4)}-Q${Math.floor((Number(from.slice(5, 7)) - 1) / 3) + 1}`
  if (period === 'month') return from.slice(0, 7)
  return period === 'week' ? `${from} – ${to.slice(5)}` : from
}

/** The question in the address; what is missing or unknown takes its default: units, this month. */
export function questionOf(query: LocationQuery, today = new Date()): EvaluationQuestion {
  const text = (key: string) => (typeof query[key] === 'string' ? query[key] : undefined)
  const at = text('at')
  return {
    object: OBJECTS.find((each) => each === text('object')) ?? ('unit' satisfies EvaluationObject),
    period: PERIODS.find((each) => each === text('period')) ?? ('month' satisfies EvaluationPeriod),
    at: at && /^\d{4}-\d\d-\d\d$/.test(at) && !Number.isNaN(Date.parse(at)) ? at : day(today),
    areaCode: text('areaCode'),
  }
}
