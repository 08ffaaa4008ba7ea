import type { EvaluationRow, Ratio } from '@/resources/useEvaluation'

/** Keys that the rows have, in the order of the definitions; what is undefined comes last. */
export function keysOf(rows: readonly EvaluationRow[], part: 'counts' | 'ratios', order: readonly string[]): string[] {
  const present = new Set(rows.flatMap((row) => Object.keys(row[part])))
  return [...order.filter((each) => present.has(each)), ...[...present].filter((each) => !order.includes(each))]
}

/** `93.72 %`; nothing to divide by is a dash, never 0 or 100. */
export function sayPercent(ratio: Ratio | undefined): string {
  return !ratio || ratio.percent === null || ratio.denominator === 0 ? '—' : `${ratio.percent.toFixed(2)} %`
}

/** One ratio over several rows: sums divided, not percentages averaged. */
export function pool(rows: readonly EvaluationRow[], ratio: string): Ratio {
  let numerator = 0
  let denominator = 0
  for (const row of rows) {
    numerator += row.ratios[ratio]?.numerator ?? 0
    denominator += row.ratios[ratio]?.denominator ?? 0
  }
  return { numerator, denominator, percent: denominator === 0 ? null : Math.round((numerator / denominator) * 10000) / 100 }
}

export type Sort = { by: string; down: boolean }
/** Sorts by name, score, a ratio or a count; rows without the value always last. */
export function sorted(rows: readonly EvaluationRow[], sort: Sort): EvaluationRow[] {
  const value = (row: EvaluationRow): number | string | null =>
    sort.by === 'name' ? row.name : sort.by === 'score' ? row.score : sort.by in row.ratios ? (row.ratios[sort.by]?.percent ?? null) : (row.counts[sort.by] ?? null)
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    const order = typeof x === 'string' || typeof y === 'string' ? String(x).localeCompare(String(y), 'zh-CN') : x - y
    return sort.down ? -order : order
  })
}
