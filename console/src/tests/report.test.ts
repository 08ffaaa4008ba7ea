import { describe, expect, it } from 'vitest'
import { STAGES } from '@/api/types/cases'
import { Problem } from '@/api/problem'
import { faultsOf } from '@/parts/useForm'
import type { PublicKind } from '@/resources/usePublicReports'
import { bodyOf, emptyDraft, groupKinds, missing, reportKeys } from '@/screens/report/draft'
import { PHASES, phaseOf, sentenceOf } from '@/screens/report/progress'
import zh from '@/screens/report/zh-CN'

const kind = (id: string, family: 'MATTER' | 'COMPONENT', majorZh: string | null): PublicKind => ({ id, family, majorZh, majorEn: null, nameZh: id, nameEn: null })

describe('a citizen’s report', () => {
  it('needs a description, and a place on the map or in words', () => {
    const draft = emptyDraft()
    expect(missing(draft)).toBe('description')
    draft.description = '  '
    expect(missing(draft)).toBe('description')
    draft.description = 'broken manhole cover'
    expect(missing(draft)).toBe('place')
    expect(missing({ ...draft, address: 'corner' })).toBeNull()
    expect(missing({ ...draft, place: { lon: 118.8, lat: 32 } })).toBeNull()
  })

  it('leaves out what is blank and keeps seven decimals', () => {
    expect(bodyOf({ ...emptyDraft(), description: ' hole ', place: { lon: 118.123456789, lat: 32.000000049 }, name: ' ' })).toEqual({
      description: 'hole', media: [], kindId: undefined, lon: 118.1234568, lat: 32, address: undefined, name: undefined, phone: undefined,
    })
  })

  it('keeps its key while it says the same, so that sending it again is no second report', () => {
    const keyOf = reportKeys()
    const first = keyOf(bodyOf({ ...emptyDraft(), description: 'hole' }))
    expect(first).toMatch(/^[0-9a-f]{32}$/)
    expect(keyOf(bodyOf({ ...emptyDraft(), description: ' hole ' }))).toBe(first)
    expect(keyOf(bodyOf({ ...emptyDraft(), description: 'deep hole' }))).not.toBe(first)
    expect(reportKeys()(bodyOf({ ...emptyDraft(), description: 'hole' }))).not.toBe(first)
  })

  it('offers what happens in the street first, then facilities by what may be wrong with them', () => {
    const groups = groupKinds([kind('pipe', 'COMPONENT', '公用设施'), kind('leak', 'MATTER', '公用设施'), kind('b', 'MATTER', '市容环境'), kind('c', 'MATTER', '市容环境'), kind('d', 'MATTER', null), kind('tree', 'COMPONENT', '园林')])
    expect(groups.map((each) => [each.zh, each.kinds.map((of) => of.id)])).toEqual([['市容环境', ['b', 'c']], ['公用设施', ['leak']], ['园林', ['tree']]])
  })
})

describe('following a report', () => {
  it('has plain words for every stage', () => {
    for (const stage of STAGES) {
      expect([...PHASES, 'off']).toContain(phaseOf({ stage, state: 'JOINED' }))
      expect(Object.keys(zh.say)).toContain(sentenceOf({ stage, state: 'JOINED' }))
    }
  })

  it('says that the place is being found where there is no case yet, and that a declined report ended', () => {
    expect(sentenceOf({ stage: null, state: 'WAITING_PLACE' })).toBe('WAITING_PLACE')
    expect(phaseOf({ stage: null, state: 'DECLINED' })).toBe('off')
  })
})

describe('a refusal', () => {
  it('is shown at the field it names, or at each of several', () => {
    expect(faultsOf(new Problem({ detail: 'too long', field: 'name' }, 422))).toEqual({ name: 'too long' })
    expect(faultsOf(new Problem({ detail: 'x', faults: [{ field: 'code', fault: 'must not be blank' }, { index: 1 }] }, 422))).toEqual({ code: 'must not be blank' })
    expect(faultsOf(undefined)).toEqual({})
  })
})
