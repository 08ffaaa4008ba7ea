import { describe, expect, it, vi } from 'vitest'
import { circle, crossesItself, metres, pathMetres, sayMetres, saySquareMetres, scaleBar, squareMetres, type Spot } from '@/map/geometry'
import { classBounds, classOf, roundUp, sayCount } from '@/map/ramp'
import { boxOf, middleOf, outlineOf } from '@/screens/cockpit/region'
import { moments, nearest, queryOf, regionOf, regionText, stateOf, STEP, stepBack, stepOn, windowEnd, type CockpitState } from '@/screens/cockpit/state'

vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined })
const { storedInterval } = await import('@/screens/cockpit/useWall')

describe('the address of the cockpit', () => {
  const whole: CockpitState = {
    area: '320102', view: { center: [118.79123, 32.04001], zoom: 13.25, pitch: 52, bearing: -18 }, layers: ['cases', 'components'],
    kinds: { components: ['gb47678.4-C01001', 'gb47678.4-C01002'], cases: ['FILED'] }, cases: 'heat', metric: 'overdue', tilted: true,
    region: { circle: { lon: 118.79, lat: 32.04, radius: 250.5 } }, list: { layer: 'components', kind: 'gb47678.4-C01001' },
    at: Date.parse('2026-11-20T06:00:00Z'), span: '30d', theme: 'dark', panel: 'areas', case: '17',
  }

  it('holds the whole state and gives it back the same', () => {
    expect(stateOf(queryOf(whole) as never)).toEqual(whole)
  })

  it('leaves out what is usual', () => {
    expect(queryOf(stateOf({}))).toEqual({})
  })

  it('holds a polygon and an area as well as a circle', () => {
    for (const region of [{ polygon: [[118.1, 32.2], [118.3, 32.2], [118.2, 32.4]] as Spot[] }, { area: '320102001' }, { area: '320102001002003' }]) expect(regionOf(regionText(region))).toEqual(region)
  })

  it('tells no layer from the usual ones', () => {
    expect(stateOf({ layers: 'none' }).layers).toEqual(['none'])
    expect(stateOf(queryOf({ ...stateOf({}), layers: [] }) as never).layers?.filter((each) => each !== 'none')).toEqual([])
    expect(stateOf({}).layers).toBeUndefined()
  })

  it('ignores what is no region, no moment and no area', () => {
    for (const bad of ['', 'c:1,2', 'c:1,2,0', 'c:1,2,50001', 'c:200,2,5', 'p:1,2;3,4', 'p:1,2;3,4;x', 'a:12', 'a:abc', 'z:1,2,3']) expect(regionOf(bad), bad).toBeUndefined()
    const state = stateOf({ time: 'yesterday', area: "1' or 1", span: '2y', theme: 'pink', panel: 'x', cases: 'y', metric: '../x' })
    expect(state).toMatchObject({ at: undefined, area: undefined, span: '7d', theme: undefined, panel: 'now', cases: 'clusters', metric: 'open' })
  })
})

describe('moments of the past', () => {
  const now = Date.parse('2026-11-22T12:07:31Z')
  it('lie on whole steps, and the last is not in the future', () => {
    for (const span of ['24h', '7d', '30d'] as const) {
      const all = moments(span, now)
      expect(all.every((each) => each % STEP[span] === 0)).toBe(true)
      expect(all.at(-1)!).toBeLessThanOrEqual(now)
      expect(now - all.at(-1)!).toBeLessThan(STEP[span])
    }
    expect(moments('24h', now)).toHaveLength(97)
  })
  it('are found again by their time', () => {
    const all = moments('7d', now)
    expect(nearest(all, all[40]! + 1000)).toBe(40)
    expect(nearest(all, 0)).toBe(0)
  })
})

describe('the window of the slider', () => {
  const now = Date.parse('2026-11-22T12:07:31Z')
  const minutes = (n: number) => n * 60_000
  it('ends now for now and for whatever lies in the span before it', () => {
    for (const span of ['24h', '7d', '30d'] as const) {
      expect(windowEnd(span, now, undefined)).toBeUndefined()
      for (const at of [...moments(span, now), now, now - minutes(3)]) expect(windowEnd(span, now, at)).toBeUndefined()
    }
  })
  it('ends for an older moment, to the minute, on a whole step that has the moment in view, the nearest step beside it', () => {
    for (const span of ['24h', '7d', '30d'] as const) {
      for (const at of [moments(span, now)[0]! - minutes(1), Date.parse('2026-10-13T02:07:00Z'), Date.parse('2026-09-21T23:59:00Z'), Date.parse('2019-01-01T00:00:00Z')]) {
        const end = windowEnd(span, now, at)!
        expect(end % STEP[span]).toBe(0)
        expect(end).toBeLessThan(now)
        const all = moments(span, end)
        expect(all.at(-1)).toBe(end)
        expect(at).toBeGreaterThanOrEqual(all[0]!)
        expect(at).toBeLessThanOrEqual(end)
        expect(Math.abs(all[nearest(all, at)]! - at)).toBeLessThanOrEqual(STEP[span] / 2)
      }
    }
  })
  it('stays while the moment lies in it, also as time goes by, and gives way to now', () => {
    const end = windowEnd('7d', now, Date.parse('2026-10-13T02:07:00Z'))!
    for (const at of moments('7d', end)) expect(windowEnd('7d', now + minutes(200), at, end)).toBe(end)
    expect(windowEnd('7d', now, end + STEP['7d'], end)).not.toBe(end)
    expect(windowEnd('7d', now, now - minutes(90), end)).toBeUndefined()
    expect(windowEnd('7d', now, undefined, end)).toBeUndefined()
  })
  it('is left when the span that ended now has gone past the moment', () => {
    const oldest = moments('24h', now)[0]!
    expect(windowEnd('24h', now, oldest)).toBeUndefined()
    expect(windowEnd('24h', now + minutes(15), oldest)).toBeGreaterThanOrEqual(oldest)
  })
  it('steps from any minute to the whole steps beside it, and on into now', () => {
    const at = Date.parse('2026-10-13T02:40:00Z')
    expect(stepOn('7d', at, now)).toBe(Date.parse('2026-10-13T03:00:00Z'))
    expect(stepBack('7d', at)).toBe(Date.parse('2026-10-13T02:00:00Z'))
    expect(stepOn('24h', Date.parse('2026-10-13T02:45:00Z'), now)).toBe(Date.parse('2026-10-13T03:00:00Z'))
    expect(stepBack('24h', Date.parse('2026-10-13T02:45:00Z'))).toBe(Date.parse('2026-10-13T02:30:00Z'))
    expect(stepOn('24h', now - minutes(5), now)).toBeUndefined()
    const seen = []
    for (let t: number | undefined = moments('30d', now)[0]; t !== undefined; t = stepOn('30d', t, now)) seen.push(t)
    expect(seen).toEqual(moments('30d', now))
  })
})

describe('lengths and areas on the sphere', () => {
  it('agree with known distances within a half per cent', () => {
    // One degree of latitude at 32° N is 110.9 km, one of longitude 94.5 km.
    expect(Math.abs(metres([118, 31.5], [118, 32.5]) / 110_884 - 1)).toBeLessThan(0.005)
    expect(Math.abs(metres([118, 32], [119, 32]) / 94_493 - 1)).toBeLessThan(0.005)
    expect(pathMetres([[118, 32], [118, 32.01], [118, 32.02]])).toBeCloseTo(2 * metres([118, 32], [118, 32.01]), 3)
    expect(pathMetres([[118, 32]])).toBe(0)
  })
  it('give a circle its radius and its area', () => {
    const ring = circle([118.8, 32.05], 500, 360).coordinates[0] as Spot[]
    for (const each of ring) expect(Math.abs(metres([118.8, 32.05], each) - 500)).toBeLessThan(0.01)
    expect(Math.abs(squareMetres(ring) / (Math.PI * 500 * 500) - 1)).toBeLessThan(0.001)
  })
  it('do not depend on the way round or on closing the ring', () => {
    const ring: Spot[] = [[118, 32], [118.01, 32], [118.01, 32.01], [118, 32.01]]
    expect(squareMetres([...ring].reverse())).toBeCloseTo(squareMetres(ring), 6)
    expect(squareMetres([...ring, ring[0]!])).toBeCloseTo(squareMetres(ring), 6)
  })
  it('know a ring that crosses itself', () => {
    expect(crossesItself([[0, 0], [1, 0], [1, 1], [0, 1]])).toBe(false)
    expect(crossesItself([[0, 0], [1, 1], [1, 0], [0, 1]])).toBe(true)
  })
  it('are said in fitting units', () => {
    expect([sayMetres(850.4), sayMetres(1200), sayMetres(12_345)]).toEqual(['850 m', '1.2 km', '12.3 km'])
    expect([saySquareMetres(4200), saySquareMetres(1_200_000)]).toEqual(['4200 m²', '1.2 km²'])
  })
  it('make a scale bar of a round length that fits', () => {
    for (const zoom of [8, 11.3, 14, 17.8]) {
      const bar = scaleBar(32, zoom, 120)
      expect(bar.pixels).toBeLessThanOrEqual(120)
      expect(bar.pixels).toBeGreaterThan(40)
      expect(String(bar.metres)).toMatch(/^[125]0*$/)
    }
  })
})

describe('classes of counts', () => {
  it('have round bounds that rise', () => {
    for (const most of [1, 2, 7, 40, 333, 98_765]) {
      const bounds = classBounds(most)
      expect([...bounds].sort((a, b) => a - b)).toEqual(bounds)
      expect(new Set(bounds).size).toBe(bounds.length)
      expect(bounds.length).toBeLessThanOrEqual(4)
      for (const each of bounds) expect(each).toBeLessThan(most)
    }
    expect(classBounds(0)).toEqual([])
    expect([roundUp(0.2), roundUp(1.4), roundUp(12), roundUp(15), roundUp(16), roundUp(900)]).toEqual([1, 2, 15, 15, 20, 1000])
  })
  it('put none apart, the bounds into the lower class and the largest into the last', () => {
    const bounds = [2, 10, 30]
    expect([0, 1, 2, 3, 10, 11, 31, 5000].map((each) => classOf(each, bounds))).toEqual([0, 1, 1, 2, 2, 3, 4, 4])
  })
  it('are said short enough for a map', () => {
    expect([sayCount(9840, 'zh-CN'), sayCount(124_000, 'zh-CN'), sayCount(15_000_000, 'zh-CN')]).toEqual(['9,840', '12.4万', '1500万'])
    expect([sayCount(9840, 'en'), sayCount(124_000, 'en'), sayCount(15_000_000, 'en')]).toEqual(['9,840', '124k', '15M'])
  })
})

describe('a region', () => {
  it('has an outline, a box and a middle unless it is an area', () => {
    const round = { circle: { lon: 118.8, lat: 32, radius: 1000 } }
    expect(middleOf(round)).toEqual([118.8, 32])
    const [west, south, east, north] = boxOf(round)!
    expect(metres([west, 32], [east, 32])).toBeCloseTo(2000, -1)
    expect(metres([118.8, south], [118.8, north])).toBeCloseTo(2000, 0)
    expect(outlineOf({ area: '320102' })).toBeUndefined()
    expect(middleOf({ polygon: [[0, 0], [2, 0], [2, 2], [0, 2]] })).toEqual([1, 1])
  })
})

describe('the wall', () => {
  it('keeps only an interval that it offers', () => {
    expect([storedInterval('40'), storedInterval('1'), storedInterval(null), storedInterval('x')]).toEqual([40, 20, 20, 20])
  })
})
