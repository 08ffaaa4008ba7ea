import { describe, expect, it } from 'vitest'
import { daysOf, shiftsOf, type Plan } from '@/screens/duty/plan'

const plan: Plan = { personId: 7, areaCode: '990102', first: '2026-08-03', last: '2026-08-03', begin: '08:00', end: '16:00', without: [], note: ' ' }

describe('a plan of shifts', () => {
  it('is the same hours on each day that is wanted', () => {
    const week = shiftsOf({ ...plan, last: '2026-08-09', without: [0, 6] })
    expect(week.map((each) => new Date(each.startsAt).getDate())).toEqual([3, 4, 5, 6, 7])
    expect(week.every((each) => Date.parse(each.endsAt) - Date.parse(each.startsAt) === 8 * 3_600_000 && new Date(each.startsAt).getHours() === 8)).toBe(true)
    expect(week[0]).toMatchObject({ personId: 7, areaCode: '990102', note: null })
  })
  it('goes past midnight where the end is not after the begin', () => {
    const [night] = shiftsOf({ ...plan, begin: '22:00', end: '06:00', note: '夜班' })
    expect([new Date(night!.startsAt).getDate(), new Date(night!.endsAt).getDate(), new Date(night!.endsAt).getHours(), night!.note]).toEqual([3, 4, 6, '夜班'])
  })
  it('has no days where the last is before the first', () => {
    expect([daysOf('2026-08-03', '2026-08-03'), daysOf('2026-08-31', '2026-09-01'), daysOf('2026-08-03', '2026-08-01')]).toEqual([1, 2, -1])
    expect(shiftsOf({ ...plan, last: '2026-08-01' })).toEqual([])
  })
})
