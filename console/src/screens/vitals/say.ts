import { sayCounted } from '@/i18n/units'
import type { Bounds, Grade, VitalPeriod, VitalRow } from '@/resources/useVitals'

/** A number with its decimals; thousands apart. */
export function sayNumber(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined) return '—'
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}

export function sayValue(value: number | null | undefined, unit: string, decimals: number): string {
  const said = sayCounted(unit)
  return value === null || value === undefined ? '—' : `${sayNumber(value, decimals)}${said === '%' ? '%' : said ? ` ${said}` : ''}`
}

export function sayChange(change: number | null | undefined, decimals: number): string {
  if (change === null || change === undefined) return '—'
  return `${change > 0 ? '+' : change < 0 ? '−' : '±'}${sayNumber(Math.abs(change), decimals)}`
}

export const sayScore = (score: number | null | undefined): string => (score === null || score === undefined ? '—' : String(Math.round(score)))

const two = (n: number) => String(n).padStart(2, '0')
/** A period by its beginning, the same in every language: `2026`, `2026-Q4`, `2026-11`, `11-23`, `11-23 14:00`. */
export function sayPeriod(period: VitalPeriod, from: string): string {
  // Days begin by the city's clock; their middle lies on the same day of whoever reads, nearly everywhere.
  const at = new Date(period === 'HOUR' ? from : Date.parse(from) + 12 * 3_600_000)
  const month = at.getMonth()
  switch (period) {
    case 'YEAR': return String(at.getFullYear())
    case 'QUARTER': return `${at.getFullYear()}-Q${Math.floor(month / 3) + 1}`
    case 'MONTH': return `${at.getFullYear()}-${two(month + 1)}`
    case 'HOUR': return `${two(month + 1)}-${two(at.getDate())} ${two(at.getHours())}:00`
    default: return `${two(month + 1)}-${two(at.getDate())}`
  }
}

/** The token of a grade's colour. */
export function colourOf(grade: Grade | null | undefined): string {
  return grade ? `var(${{ NORMAL: '--ok', BLUE: '--grade-1', YELLOW: '--grade-2', ORANGE: '--grade-3', RED: '--grade-4' }[grade]})` : 'var(--text-3)'
}
/** The same for words and small numbers: yellow and orange alone are too pale to be read. */
export const inkOf = (grade: Grade | null | undefined): string => (grade === 'YELLOW' || grade === 'ORANGE' ? `color-mix(in srgb, ${colourOf(grade)} 65%, var(--text))` : colourOf(grade))
export function gradeOfScore(score: number | null): Grade | null {
  return score === null ? null : score >= 85 ? 'NORMAL' : score >= 70 ? 'BLUE' : score >= 55 ? 'YELLOW' : score >= 40 ? 'ORANGE' : 'RED'
}

/** Whether a change is for the better; undefined where nobody says. */
export function isBetter(row: Pick<VitalRow, 'direction'>, change: number | null | undefined): boolean | undefined {
  if (!change) return undefined
  return row.direction === 'HIGHER' ? change > 0 : row.direction === 'LOWER' ? change < 0 : undefined
}

/** Bounds as they are written in a field: `95 / 90 / 80 / 70`, of a range `40..60 / 30..70 / …`. */
export function writeBounds(bounds: Bounds | undefined): string {
  return (bounds ?? []).map((each) => (Array.isArray(each) ? each.join('..') : String(each))).join(' / ')
}

export interface TreeRow {
  row: VitalRow
  depth: number
}
/** Everything below a node, in the order of the tree. */
export function below(rows: readonly VitalRow[], code: string, depth = 0): TreeRow[] {
  return rows.filter((each) => each.parentCode === code).flatMap((row) => [{ row, depth }, ...below(rows, row.code, depth + 1)])
}
