import { describe, expect, it } from 'vitest'
import type { EvaluationRow } from '@/resources/useEvaluation'
import { keysOf, pool, sayPercent, sorted } from '@/screens/evaluation/measures'
import { questionOf, say, shift, span } from '@/screens/evaluation/period'

const row = (key: string, numerator: number, denominator: number, score: number | null = null): EvaluationRow => ({
  key, name: key, score, grade: null, counts: { closed: numerator, dueForClosure: denominator, novel: 1 },
  ratios: { closureRate: { numerator, denominator, percent: denominator === 0 ? null : Math.round((numerator / denominator) * 10000) / 100 } },
})

describe('the period', () => {
  it('begins its weeks on Monday and ends its months on their last day', () => {
    expect(span('week', '2026-11-22')).toEqual({ from: '2026-11-16', to: '2026-11-22' })
    expect(span('month', '2026-02-10')).toEqual({ from: '2026-02-01', to: '2026-02-28' })
    expect(span('quarter', '2026-11-22')).toEqual({ from: '2026-10-01', to: '2026-12-31' })
    expect(span('year', '2024-02-29')).toEqual({ from: '2024-01-01', to: '2024-12-31' })
  })

  it('moves over the ends of years and from long months to short ones', () => {
    expect(shift('month', '2026-01-31', -1)).toBe('2025-12-01')
    expect(shift('month', '2026-01-31', 1)).toBe('2026-02-01')
    expect(shift('quarter', '2026-11-22', 1)).toBe('2027-01-01')
    expect(shift('day', '2026-03-01', -1)).toBe('2026-02-28')
    expect(shift('week', '2026-11-22', -1)).toBe('2026-11-09')
  })

  it('is said the same in every language', () => {
    expect(['day', 'week', 'month', 'quarter', 'year'].map((each) => say(each as never, '2026-11-22'))).toEqual(['2026-11-22', '2026-11-16 – 11-22', '2026-11', '2026-Q4', '2026'])
  })

  it('takes defaults where the address is missing or wrong', () => {
    const today = new Date(2026, 10, 22)
    expect(questionOf({}, today)).toEqual({ object: 'unit', period: 'month', at: '2026-11-22', areaCode: undefined })
    expect(questionOf({ object: 'area', period: 'fortnight', at: 'x', areaCode: '320102' }, today)).toEqual({ object: 'area', period: 'month', at: '2026-11-22', areaCode: '320102' })
  })
})

describe('ratios', () => {
  it('are 93.72 % for 911 of 972, and a dash where nothing was due', () => {
    expect(sayPercent(row('a', 911, 972).ratios.closureRate)).toBe('93.72 %')
    expect(sayPercent(row('a', 0, 0).ratios.closureRate)).toBe('—')
  })

  it('of several rows divide the sums, they do not average percentages', () => {
    expect(pool([row('a', 1, 1), row('b', 0, 3)], 'closureRate')).toEqual({ numerator: 1, denominator: 4, percent: 25 })
    expect(pool([], 'closureRate').percent).toBeNull()
  })
})

describe('the table', () => {
  it('sorts rows without a value last, both ways', () => {
    const rows = [row('none', 0, 0), row('low', 1, 4, 10), row('high', 3, 4, 90)]
    expect(sorted(rows, { by: 'closureRate', down: true }).map((each) => each.key)).toEqual(['high', 'low', 'none'])
    expect(sorted(rows, { by: 'closureRate', down: false }).map((each) => each.key)).toEqual(['low', 'high', 'none'])
    expect(sorted(rows, { by: 'score', down: true }).map((each) => each.key)).toEqual(['high', 'low', 'none'])
  })

  it('shows counts in the order of their definitions and undefined ones last', () => {
    expect(keysOf([row('a', 1, 1)], 'counts', ['reported', 'dueForClosure', 'closed'])).toEqual(['dueForClosure', 'closed', 'novel'])
  })
})
