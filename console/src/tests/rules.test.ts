import { describe, expect, it } from 'vitest'
import { difference, lineOf, quote, readTime, sayTime, simple, write } from '@/screens/rules/document'
import type { Flaw, ReadRule } from '@/resources/useRules'

const RULE: ReadRule = {
  id: 'shed-smoke', name: { zh: '车棚烟感', en: 'Smoke: a shed' }, type: 'smoke', group: '', area: '990102', per: 'THING',
  inputs: [{ name: 'level', type: 'smoke', property: 'level', from: 'SUBJECT' }, { name: 'rain', type: 'rain', property: 'rate', from: 'AREA' }],
  windows: [{ name: 'avg5', measure: 'AVG', input: 'level', over: 300_000, per: 0 }, { name: 'gone', measure: 'MISSING', input: 'level', over: 90_000, per: 0 }],
  learned: [{ name: 'odd', method: 'BASELINE', inputs: ['level'], learn: 0, every: 0 }], sequences: [{ name: 'chain', steps: ['level > 1', 'level > 2'], within: 60_000 }],
  grades: [{ grade: 'YELLOW', when: 'avg5 > 2', hold: 30_000, until: 'level < 1', untilHold: 0, quiet: 0 }, { grade: 'RED', when: 'odd > 1 && gone', hold: 0, until: null, untilHold: 0, quiet: 600_000 }],
  reason: { zh: '{thing}：{level}', en: '{thing}: {level}' },
  names: { avg5: { zh: '平均浓度', en: 'Mean density' }, chain: { zh: '连续升高', en: 'One after the other' } },
}

describe('the document of a rule', () => {
  it('is written from the form as the server reads it', () => {
    expect(write(RULE)).toBe(`rule: shed-smoke
name: {zh: 车棚烟感, en: "Smoke: a shed"}
watch: {type: smoke, area: "990102"}
inputs:
  level: level
  rain: {type: rain, property: rate, from: area}
windows:
  avg5: {avg: level, over: 5m, name: {zh: 平均浓度, en: "Mean density"}}
  gone: {missing: level, for: 90s}
learned:
  odd: {baseline: level}
sequences:
  chain: {steps: ["level > 1", "level > 2"], within: 1m, name: {zh: 连续升高, en: "One after the other"}}
grades:
  yellow: {when: "avg5 > 2", for: 30s, until: "level < 1"}
  red: {when: "odd > 1 && gone", quiet: 10m}
reason: {zh: "{thing}：{level}", en: "{thing}: {level}"}
`)
  })

  it('says times as they are read', () => {
    for (const text of ['90s', '5m', '1h', '2d', '250ms', '']) expect(sayTime(readTime(text)!)).toBe(text)
    expect(readTime('5 minutes')).toBeUndefined()
  })

  it('quotes what YAML would take for something else', () => {
    expect(['smoke', '0123', 'yes', 'a: b', '烟感'].map(quote)).toEqual(['smoke', '"0123"', '"yes"', '"a: b"', '烟感'])
  })

  it('finds the line of a flaw', () => {
    const flaw = (where: string): Flaw => ({ code: '', where, zh: '', en: '', mendZh: '', mendEn: '' })
    const text = write(RULE)
    expect(['grades.red.when', 'windows.avg5.avg', 'watch.area', 'line 7, column 3', ''].map((where) => lineOf(text, flaw(where)))).toEqual([16, 8, 3, 7, 1])
  })

  it('takes a condition apart only where it is one comparison', () => {
    expect(simple('level >= -2.5')).toEqual({ name: 'level', compare: '>=', bound: -2.5 })
    expect(simple('level > 2 && hour < 6')).toBeUndefined()
  })

  it('shows what is gone and what is new', () => {
    expect(difference('a\nb\nc\n', 'a\nx\nc\n').map((each) => each.kind + each.text)).toEqual(['samea', 'goneb', 'newx', 'samec'])
  })
})
