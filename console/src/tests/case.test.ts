import { describe, expect, it } from 'vitest'
import type { CaseDetail, OfferedAction } from '@/api/types/cases'
import { commandFields, formOf, missing, ordered, pendingFor, startValues } from '@/screens/case/fields'
import { progressOf } from '@/screens/case/progress'

const detail = (given: Partial<CaseDetail> = {}): CaseDetail =>
  ({ id: 1, kindId: 'gb47678.5-M06010', lon: 118.8, lat: 32.1, urgency: 'NORMAL', leadUnitId: null, pending: [], ...given }) as CaseDetail

const offered = (action: OfferedAction['action'], ...fields: string[]): OfferedAction => ({
  action,
  fields: fields.map((each) => ({ name: each.replace('!', ''), type: 'text', required: each.endsWith('!') })),
})

describe('the form of an action', () => {
  it('makes one point of lon and lat, and puts text and photos last', () => {
    const form = formOf(offered('RELOCATE', 'opinion', 'media', 'lon!', 'lat!', 'address'))
    expect(form.map((each) => each.name)).toEqual(['point', 'address', 'opinion', 'media'])
    expect(form[0]?.required).toBe(true)
  })

  it('begins with what the case says and with the suggested units', () => {
    const dispatch = offered('DISPATCH', 'leadUnitId!', 'assistUnitIds', 'opinion')
    const of = detail({ dispatchSuggestion: { leadUnit: { id: 3, name: '养护' }, assistUnits: [{ id: 5, name: '路灯' }], why: '规则', alternatives: [] } })
    expect(startValues(formOf(dispatch), dispatch, of)).toEqual({ leadUnitId: 3, assistUnitIds: [5], opinion: null })
  })

  it('offers the results that the step knows', () => {
    expect(formOf(offered('CHECK', 'result!'))[0]?.options.map((each) => each.value)).toEqual(['PASS', 'FAIL', 'UNABLE'])
    expect(formOf(offered('VERIFY', 'result!'))[0]?.options.map((each) => each.value)).toEqual(['EXISTS', 'NOT_EXISTS', 'UNABLE'])
  })

  it('says which required fields are empty; blanks are empty, a refusal is not', () => {
    const form = formOf(offered('DISPOSE', 'opinion!', 'media!', 'approve!'))
    expect(missing(form, { opinion: '  ', media: [], approve: false })).toEqual(['opinion', 'media'])
  })

  it('sends the point as lon and lat and leaves out what is empty', () => {
    const form = formOf(offered('RELOCATE', 'lon!', 'lat!', 'opinion', 'media'))
    expect(commandFields(form, { point: { lon: 1, lat: 2 }, opinion: ' moved ', media: [] })).toEqual({ lon: 1, lat: 2, opinion: 'moved' })
  })

  it('names the pending request that a decision is about', () => {
    const of = detail({ pending: [{ id: 8, action: 'DECIDE_SUSPENSION' }, { id: 9, action: 'DECIDE_EXTENSION' }] as CaseDetail['pending'] })
    expect(pendingFor('DECIDE_EXTENSION', of)).toBe(9)
    expect(pendingFor('DECIDE_SUSPENSION', of)).toBe(8)
    expect(pendingFor('CLOSE', of)).toBeUndefined()
  })

  it('puts the step that moves the case on first and what is not possible last', () => {
    const actions = [offered('NOTE'), { ...offered('FILE'), reasonDisabled: '缺少照片' }, offered('VOID'), offered('ACCEPT')]
    expect(ordered(actions).map((each) => each.action)).toEqual(['ACCEPT', 'VOID', 'NOTE', 'FILE'])
  })
})

describe('the progress of a case', () => {
  const at = '2026-11-22T01:00:00Z'
  it('shows what is done, what is now and what lies ahead', () => {
    expect(progressOf({ stage: 'FILED', reportedAt: at, timestamps: {} }).map((each) => each.state)).toEqual(['done', 'done', 'done', 'now', 'ahead', 'ahead', 'ahead'])
  })

  it('has nothing ahead once closed', () => {
    expect(progressOf({ stage: 'EVALUATED', reportedAt: at, timestamps: {} }).every((each) => each.state === 'done')).toBe(true)
  })

  it('keeps only what was reached of a case that was not accepted', () => {
    expect(progressOf({ stage: 'NOT_ACCEPTED', reportedAt: at, timestamps: {} }).map((each) => each.state).slice(0, 2)).toEqual(['done', 'off'])
  })

  it('gives the rework of a returned disposal no time of its earlier end', () => {
    expect(progressOf({ stage: 'DISPATCHED', reportedAt: at, timestamps: { disposedAt: at } })[4]).toEqual({ phase: 'handle', state: 'now', at: null })
  })
})
