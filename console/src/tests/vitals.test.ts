import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Bounds, VitalRow } from '@/resources/useVitals'
import { propertyOf, questionOf, type DeviceType } from '@/resources/useDevices'
import { below, gradeOfScore, isBetter, sayChange, sayPeriod, sayValue, writeBounds } from '@/screens/vitals/say'
import { emptyRow, faultOf, rowsOf, thresholdsOf } from '@/screens/vitals/thresholds'

afterEach(() => vi.unstubAllGlobals())

describe('vital signs', () => {
  it('says values, changes and periods the same in every language', () => {
    expect(sayValue(1234.5, '%', 1)).toBe('1,234.5%')
    expect(sayValue(12, 'h', 0)).toBe('12 h')
    expect(sayValue(null, '%', 1)).toBe('—')
    expect(sayValue(3, '人/分', 0)).toBe('3 人/分')
    vi.stubGlobal('document', { documentElement: { lang: 'en' } })
    expect(sayValue(3, '人/分', 0)).toBe('3 people/min')
    expect(sayValue(3, '个', 0)).toBe('3')
    expect(sayValue(3, '立方', 0)).toBe('3 立方')
    expect(sayChange(-1.234, 2)).toBe('−1.23')
    expect(sayChange(0, 1)).toBe('±0.0')
    // 1 November begins in Shanghai while it is still October in Greenwich.
    expect(sayPeriod('MONTH', '2026-10-31T16:00:00Z')).toBe('2026-11')
    expect(sayPeriod('QUARTER', '2026-09-30T16:00:00Z')).toBe('2026-Q4')
    expect(sayPeriod('DAY', '2026-11-28T16:00:00Z')).toBe('11-29')
  })

  it('opens a figure of what devices measured to those devices and their values of the period', () => {
    const query = { area: '990102', property: 'pm25', from: '2026-11-28T16:00:00Z', to: '2026-11-29T16:00:00Z' }
    expect(questionOf(query)).toEqual(query)
    expect(questionOf({ ...query, to: ['a', 'b'] }), 'half a time is none').toEqual({ area: '990102', property: 'pm25' })
    expect(questionOf({ from: query.from, to: query.to }), 'a time without a property neither').toEqual({})
    expect(questionOf({ state: 'SILENT', type: 'lift' })).toEqual({ state: 'SILENT', type: 'lift' })
    expect(questionOf({ state: 'BROKEN', q: '' })).toEqual({})
    const air = { code: 'air', properties: [{ name: 'pm25', nameZh: '细颗粒物', unit: 'ug/m3' }] } as DeviceType
    expect(propertyOf([{ ...air, properties: [] }, air], 'pm25')?.nameZh).toBe('细颗粒物')
    expect(propertyOf([air], 'pm10')).toBeUndefined()
  })

  it('writes bounds as they are read, of a range both', () => {
    expect(writeBounds([95, 90, 80, 70])).toBe('95 / 90 / 80 / 70')
    expect(writeBounds([[40, 60], [30, 70], [20, 80], [10, 90]])).toBe('40..60 / 30..70 / 20..80 / 10..90')
    expect(writeBounds(undefined)).toBe('')
  })

  it('gives thresholds back as they were, for each level its own', () => {
    const falling = { '*': [95, 90, 80, 70], COMMUNITY: [90, 80.5, 70, 60] } as Record<string, Bounds>
    expect(rowsOf(falling).map((row) => row.level)).toEqual(['*', 'COMMUNITY'])
    expect(thresholdsOf(rowsOf(falling), 'HIGHER')).toEqual(falling)
    const range = { CITY: [[40, 60], [30, 70], [20, 80], [10, 90]] } as Record<string, Bounds>
    expect(thresholdsOf(rowsOf(range), 'RANGE')).toEqual(range)
    expect(thresholdsOf(rowsOf({}), 'HIGHER')).toEqual({})
    expect(thresholdsOf(rowsOf(falling), 'NONE')).toEqual({})
    expect(rowsOf({})).toEqual([emptyRow('*')])
  })

  it('says what is wrong with bounds before they are sent', () => {
    const row = (...low: string[]) => ({ level: '*' as const, cells: low.map((each) => ({ low: each.split('..')[0]!, high: each.split('..')[1] ?? '' })) })
    expect(faultOf(row('95', '90', '80', '70'), 'HIGHER')).toBeUndefined()
    expect(faultOf(row('95', '90', '80', '70'), 'LOWER')).toBe('rising')
    expect(faultOf(row('0', '1', '2', '3'), 'LOWER')).toBeUndefined()
    expect(faultOf(row('0', '1', '1', '3'), 'LOWER')).toBe('rising')
    expect(faultOf(row('0', '1', '2', '3'), 'HIGHER')).toBe('falling')
    for (const bad of ['', 'x', ' ']) expect(faultOf(row('95', '90', bad, '70'), 'HIGHER')).toBe('missing')
    expect(faultOf(row('40..60', '30..70', '20..80', '10..90'), 'RANGE')).toBeUndefined()
    expect(faultOf(row('40..60', '30..70', '20..80', '10'), 'RANGE')).toBe('missing')
    expect(faultOf(row('70..60', '30..70', '20..80', '10..90'), 'RANGE')).toBe('crossed')
    expect(faultOf(row('40..60', '30..55', '20..80', '10..90'), 'RANGE')).toBe('rising')
    expect(faultOf(emptyRow('CITY'), 'HIGHER')).toBeUndefined()
    expect(faultOf(row('x', '', '', ''), 'NONE')).toBeUndefined()
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
