import { describe, expect, it } from 'vitest'
import { countFilters, filterOf, nextAfter, queryWith, requestOf } from '@/screens/desk/filter'

const row = (id: number) => ({ id })

describe('the filter of the desk', () => {
  it('is read from the address, unknown keys left out', () => {
    expect(filterOf({ queue: 'accept', stage: 'FILED', q: ['井盖', 'x'], strange: '1', from: '' })).toEqual({ queue: 'accept', stage: 'FILED', q: '井盖' })
  })

  it('goes back into the address; a changed filter drops the chosen case', () => {
    expect(queryWith({ queue: 'accept', case: '7', stage: 'FILED' }, { stage: null, overdue: 'true' })).toEqual({ queue: 'accept', overdue: 'true' })
  })

  it('counts what narrows, not the order', () => {
    expect(countFilters({ queue: 'all', sort: '-reported', q: 'x', stage: 'FILED', overdue: 'true' })).toBe(2)
  })

  it('asks for whole days in the zone of the reader', () => {
    const asked = requestOf({ queue: 'all', from: '2026-11-22', to: '2026-11-22' })
    expect(Date.parse(asked.to!) - Date.parse(asked.from!)).toBe(24 * 3600_000)
    expect(new Date(asked.from!).getHours()).toBe(0)
  })

  it('ignores a day that is none', () => {
    expect(requestOf({ from: 'yesterday' }).from).toBeUndefined()
  })
})

describe('after a step', () => {
  it('the case that follows comes up when the chosen one left the queue', () => {
    expect(nextAfter([row(1), row(2), row(3)], [row(1), row(3)], 2)).toEqual(row(3))
  })

  it('follows the old order although new cases arrived at the top', () => {
    expect(nextAfter([row(1), row(2), row(3)], [row(9), row(1), row(3)], 2)).toEqual(row(3))
  })

  it('the last one comes up when the end of the queue was reached', () => {
    expect(nextAfter([row(1), row(2)], [row(1)], 2)).toEqual(row(1))
  })

  it('the chosen case stays when it is still in the queue', () => {
    expect(nextAfter([row(1), row(2)], [row(2), row(1)], 1)).toEqual(row(1))
  })

  it('nothing comes up when the queue is empty', () => {
    expect(nextAfter([row(1)], [], 1)).toBeUndefined()
  })
})
