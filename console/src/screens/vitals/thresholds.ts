import type { AreaLevel } from '@/api/types/places'
import type { Bounds, VitalRow } from '@/resources/useVitals'

/** Colours of the four bounds, in their order. */
export const COLOURS = ['BLUE', 'YELLOW', 'ORANGE', 'RED'] as const
/** Levels that may have bounds of their own; `*` stands for all others. */
export const LEVELS = ['*', 'CITY', 'DISTRICT', 'STREET', 'COMMUNITY'] as const satisfies readonly ('*' | AreaLevel)[]
export type Level = (typeof LEVELS)[number]

/** One bound as it is being written; a range has a low and a high one, anything else only `low`. */
export interface Cell {
  low: string
  high: string
}
export interface LevelRow {
  level: Level
  cells: Cell[]
}

export const emptyRow = (level: Level): LevelRow => ({ level, cells: COLOURS.map(() => ({ low: '', high: '' })) })

/** The rows of an indicator, `*` first; one empty row where it has none. */
export function rowsOf(thresholds: Record<string, Bounds>): LevelRow[] {
  const rows = LEVELS.filter((level) => thresholds[level]).map((level) => ({
    level,
    cells: thresholds[level]!.map((each) => (Array.isArray(each) ? { low: String(each[0]), high: String(each[1]) } : { low: String(each), high: '' })),
  }))
  return rows.length > 0 ? rows : [emptyRow('*')]
}

const blank = (row: LevelRow, range: boolean) => row.cells.every((each) => each.low.trim() === '' && (!range || each.high.trim() === ''))

/** What is wrong with a row, as the key of a text; undefined where nothing is, also where nothing is written. */
export function faultOf(row: LevelRow, direction: VitalRow['direction']): 'missing' | 'rising' | 'falling' | 'crossed' | undefined {
  const range = direction === 'RANGE'
  if (direction === 'NONE' || blank(row, range)) return undefined
  const numbers = (of: 'low' | 'high') => row.cells.map((each) => (each[of].trim() === '' ? NaN : Number(each[of])))
  const low = numbers('low')
  const high = numbers('high')
  if (![...low, ...(range ? high : [])].every(Number.isFinite)) return 'missing'
  const rises = (all: number[]) => all.every((each, i) => i === 0 || each > all[i - 1]!)
  const falls = (all: number[]) => all.every((each, i) => i === 0 || each < all[i - 1]!)
  if (range) return !low.every((each, i) => each < high[i]!) ? 'crossed' : !falls(low) ? 'falling' : !rises(high) ? 'rising' : undefined
  return direction === 'LOWER' ? (rises(low) ? undefined : 'rising') : falls(low) ? undefined : 'falling'
}

/** The rows as the server takes them; rows in which nothing is written are left out. Only for rows without a fault. */
export function thresholdsOf(rows: readonly LevelRow[], direction: VitalRow['direction']): Record<string, Bounds> {
  const range = direction === 'RANGE'
  if (direction === 'NONE') return {}
  return Object.fromEntries(rows.filter((row) => !blank(row, range)).map((row) => [row.level, row.cells.map((each) => (range ? ([Number(each.low), Number(each.high)] as [number, number]) : Number(each.low)))]))
}
