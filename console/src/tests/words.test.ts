import { describe, expect, it, vi } from 'vitest'
import type { Area, Kind } from '@/api/types/places'
import { sayAgo, sayInstant, sayMinutes, sayRemaining } from '@/i18n/time'
import { areaTree } from '@/resources/useAreas'
import { searchKinds } from '@/resources/useKinds'
import { chainWords } from '@/resources/usePlaces'
import { url, xsrfToken } from '@/api/client'
import { Problem } from '@/api/problem'
import { backoff, calm } from '@/live/useLive'
import { boundsOf, isWithin } from '@/map/style'
import { viewOf, viewText } from '@/map/view'

const t = (key: string, values: Record<string, unknown> = {}) => `${key}(${Object.values(values).join(',')})`

describe('time in words', () => {
  it('uses the two largest units', () => {
    expect(sayMinutes(59, t)).toBe('time.minutes(59)')
    expect(sayMinutes(60, t)).toBe('time.hours(1)')
    expect(sayMinutes(200, t)).toBe('time.hoursMinutes(3,20)')
    expect(sayMinutes(24 * 60 * 2 + 4 * 60 + 59, t)).toBe('time.daysHours(2,4)')
  })

  it('says how much is left and by how much it is over', () => {
    expect(sayRemaining(30, t)).toBe('time.left(time.minutes(30))')
    expect(sayRemaining(-90, t)).toBe('time.over(time.hoursMinutes(1,30))')
  })

  it('says what lies back in one unit', () => {
    const now = Date.parse('2026-11-22T12:00:00Z')
    expect(sayAgo('2026-11-22T11:59:40Z', now, t)).toBe('time.justNow()')
    expect(sayAgo('2026-11-22T09:20:00Z', now, t)).toBe('time.ago(time.hours(2))')
    expect(sayAgo('2026-11-19T09:20:00Z', now, t)).toBe('time.ago(time.days(3))')
  })

  it('adds the year only when it is another one', () => {
    const now = new Date('2026-11-22T12:00:00')
    expect(sayInstant('2026-03-02T08:05:00', now)).toBe('03-02 08:05')
    expect(sayInstant('2025-03-02T08:05:00', now)).toBe('2025-03-02 08:05')
    expect(sayInstant(null)).toBe('—')
  })
})

describe('kinds and areas', () => {
  const kind = (code: string, nameZh: string, keywords: string[] = []): Kind =>
    ({ id: `gb47678.5-${code}`, code, nameZh, nameEn: null, majorZh: null, majorEn: null, keywords, family: 'MATTER' }) as unknown as Kind
  const kinds = [kind('M01001', '暴露垃圾', ['垃圾堆']), kind('M06010', '路面破损', ['塌陷']), kind('C01001', '上水井盖')]

  it('are found by code, name and keyword, the closest first', () => {
    expect(searchKinds(kinds, 'm06').map((each) => each.code)).toEqual(['M06010'])
    expect(searchKinds(kinds, '井盖').map((each) => each.code)).toEqual(['C01001'])
    expect(searchKinds(kinds, '塌陷').map((each) => each.code)).toEqual(['M06010'])
    expect(searchKinds(kinds, '飞碟')).toEqual([])
    expect(searchKinds(kinds, '')).toHaveLength(3)
  })

  it('make a tree whose roots are the topmost areas the viewer may see', () => {
    const area = (code: string, parentCode: string | null, level: Area['level']): Area => ({ code, parentCode, level, name: code, center: null })
    const tree = areaTree([area('320102', '320100', 'DISTRICT'), area('320102001', '320102', 'STREET'), area('320102001002', '320102001', 'COMMUNITY')], 'STREET')
    expect(tree.map((each) => each.code)).toEqual(['320102'])
    expect(tree[0]?.children.map((each) => each.code)).toEqual(['320102001'])
    expect(tree[0]?.children[0]?.children).toEqual([])
  })

  it('are named from the district down', () => {
    const chain = [{ level: 'CITY', name: '澄江市' }, { level: 'DISTRICT', name: '云栖区', nameEn: 'Yunqi' }, { level: 'STREET', name: '望江街道' }] as Area[]
    expect(chainWords(chain, 'zh-CN')).toBe('云栖区 · 望江街道')
    expect(chainWords(chain, 'en')).toBe('Yunqi · 望江街道')
  })
})

describe('the client', () => {
  it('leaves out empty query values and repeats lists', () => {
    expect(url('/cases', { queue: 'all', q: '', stage: undefined, kindId: ['a', 'b'], overdue: false })).toBe('/api/cases?queue=all&kindId=a&kindId=b&overdue=false')
  })

  it('reads the CSRF token out of the cookies', () => {
    expect(xsrfToken('a=1; XSRF-TOKEN=ab%3D; b=2')).toBe('ab=')
    expect(xsrfToken('MY-XSRF-TOKEN=no')).toBeUndefined()
  })

  it('knows a lost network from a refusal', () => {
    expect(Problem.network().code).toBe('network')
    expect(new Problem({ code: 'case.changed', title: 'x' }, 409).code).toBe('case.changed')
    expect(new Problem({}, 502).code).toBe('http')
  })
})

describe('live', () => {
  it('tries again after 1, 2, 4 … at most 30 seconds', () => {
    expect([1, 2, 3, 9].map(backoff)).toEqual([1000, 2000, 4000, 30_000])
  })

  it('runs a burst once at once and once after it', () => {
    vi.useFakeTimers()
    const run = vi.fn()
    const calmly = calm(run, 1000)
    for (let n = 0; n < 20; n++) calmly()
    expect(run).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(1000)
    expect(run).toHaveBeenCalledTimes(2)
    vi.useRealTimers()
  })
})

describe('the address of the map', () => {
  it('holds centre and zoom and comes back the same', () => {
    expect(viewOf('118.79123,32.04001,14.2')).toEqual({ center: [118.79123, 32.04001], zoom: 14.2 })
    expect(viewText({ center: [118.79123, 32.04001], zoom: 14.2 })).toBe('118.79123,32.04001,14.20')
    const tilted = { center: [118.79123, 32.04001] as [number, number], zoom: 14.2, pitch: 52, bearing: -18 }
    expect(viewOf(viewText(tilted))).toEqual(tilted)
  })

  it('is ignored when it is not a place on earth', () => {
    for (const bad of ['', 'x,y', '118', '118,95,3', '1,2,99', undefined, '1,2,3,4', '1,']) expect(viewOf(bad), String(bad)).toBeUndefined()
  })

  it('begins with the areas of the own position', () => {
    expect(isWithin('320102001', '320100')).toBe(true)
    expect(isWithin('320202', '320100')).toBe(false)
    expect(isWithin('320102001', '320102001')).toBe(true)
    expect(isWithin('320102', '320102001')).toBe(false)
    expect(isWithin('320102', null)).toBe(true)
  })

  it('fits what is known of the areas', () => {
    expect(boundsOf([null, undefined])).toBeUndefined()
    expect(boundsOf([[118, 32], [119, 33]], 0)).toEqual([117.996, 31.996, 119.004, 33.004])
  })
})
