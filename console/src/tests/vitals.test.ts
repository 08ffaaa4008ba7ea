import { describe, expect, it } from 'vitest'
import type { VitalRow } from '@/resources/useVitals'
import { below, gradeOfScore, isBetter, readBounds, sayChange, sayPeriod, sayValue, writeBounds } from '@/screens/vitals/say'

describe('vital signs', () => {
  it('says values, changes and periods the same in every language', () => {
    expect(sayValue(1234.5, '%', 1)).toBe('1,234.5%')
    expect(sayValue(12, 'h', 0)).toBe('12 h')
    expect(sayValue(null, '%', 1)).toBe('—')
    expect(sayChange(-1.234, 2)).toBe('−1.23')
    expect(sayChange(0, 1)).toBe('±0.0')
    // 1 November begins in Shanghai while it is still October in Greenwich.
    expect(sayPeriod('MONTH', '2026-10-31T16:00:00Z')).toBe('2026-11')
    expect(sayPeriod('QUARTER', '2026-09-30T16:00:00Z')).toBe('2026-Q4')
    expect(sayPeriod('DAY', '2026-11-28T16:00:00Z')).toBe('11-29')
  })

  it('reads the bounds that it writes, and no others', () => {
    for (const bounds of [[95, 90, 80, 70], [[40, 60], [30, 70], [20, 80], [10, 90]], [0.5, 1, 2, 4]] as Parameters<typeof writeBounds>[0][]) expect(readBounds(writeBounds(bounds))).toEqual(bounds)
    for (const wrong of ['95/90/80', '95/90/80/x', '', '1//2/3']) expect(readBounds(wrong)).toBeUndefined()
  })

  it('knows which change is for the better, and the colour of a score', () => {
    expect(isBetter({ direction: 'LOWER' }, -2)).toBe(true)
    expect(isBetter({ direction: 'HIGHER' }, -2)).toBe(false)
    expect(isBetter({ direction: 'RANGE' }, -2)).toBeUndefined()
    expect([85, 84.9, 60, 40, 12].map(gradeOfScore)).toEqual(['NORMAL', 'BLUE', 'YELLOW', 'ORANGE', 'RED'])
  })

  it('puts what is below a dimension in the order of the tree', () => {
    const rows = [{ code: 'A', parentCode: null }, { code: 'B', parentCode: 'A' }, { code: 'C', parentCode: 'B' }, { code: 'D', parentCode: 'A' }] as VitalRow[]
    expect(below(rows, 'A').map((each) => `${each.row.code}${each.depth}`)).toEqual(['B0', 'C1', 'D0'])
  })
})
