import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PERMISSIONS, type Unit } from '@/api/types/people'
import type { Kind } from '@/api/types/places'
import { ACTS } from '@/resources/useAccessLog'
import { MACHINE_PERMISSIONS } from '@/resources/useApiKeys'
import { majorsOf, sayPattern } from '@/screens/admin/patterns'
import { unitRows } from '@/screens/admin/unitRows'
import { stateOf, toggle, weeks } from '@/screens/admin/year'
import zh from '@/screens/admin/zh-CN'

const files = (folder: string) => readdirSync(folder, { withFileTypes: true, recursive: true }).filter((each) => each.isFile() && each.name.endsWith('.java')).map((each) => join(each.parentPath, each.name))
const unit = (id: number, name: string, parentId: number | null): Unit => ({ id, name, code: `U${id}`, kind: 'DEPARTMENT', parentId, areaCode: '320100', stationing: 'NONE', stationedUntil: null, active: true })
const version = { validFrom: '2026-01-01', validTo: '2026-12-31', holidays: ['2026-10-01'], makeupDays: ['2026-10-10'] }

describe('the working calendar', () => {
  it('knows workdays, rest days, holidays and make-up workdays, and nothing outside its days', () => {
    expect(['2026-11-20', '2026-11-22', '2026-10-01', '2026-10-10', '2027-01-01'].map((day) => stateOf(day, version))).toEqual(['work', 'rest', 'holiday', 'makeup', 'none'])
  })

  it('comes back to where it was after two clicks on any day', () => {
    for (const day of ['2026-11-20', '2026-11-22', '2026-10-01', '2026-10-10', '2027-01-01']) expect(toggle(day, toggle(day, version))).toEqual(version)
  })

  it('never makes a day a holiday and a make-up workday at once', () => {
    const changed = toggle('2026-10-10', toggle('2026-10-01', version))
    expect(changed.holidays.filter((day) => changed.makeupDays.includes(day))).toEqual([])
  })

  it('shows every day of a month once, in weeks from Monday', () => {
    for (const [year, month, days] of [[2026, 2, 28], [2024, 2, 29], [2026, 11, 30], [2026, 3, 31]] as const) {
      const cells = weeks(year, month)
      expect(cells.flat().filter(Boolean)).toHaveLength(days)
      expect(cells.every((week) => week.length === 7)).toBe(true)
    }
    expect(weeks(2026, 11)[0]).toEqual([null, null, null, null, null, null, '2026-11-01'])
  })
})

describe('the units', () => {
  const units = [unit(1, '中心', null), unit(2, '城管局', 1), unit(3, '环卫所', 2), unit(4, '街道', 9)]

  it('stand below their parents; one whose parent is out of sight stands at the top', () => {
    expect(unitRows(units, '', new Set()).map((each) => [each.unit.id, each.depth])).toEqual([[4, 0], [1, 0], [2, 1], [3, 2]])
  })

  it('hide what is below a folded one', () => {
    expect(unitRows(units, '', new Set([1])).map((each) => each.unit.id)).toEqual([4, 1])
  })

  it('found by words are shown with those above them, folded or not', () => {
    expect(unitRows(units, '环卫', new Set([1])).map((each) => each.unit.id)).toEqual([1, 2, 3])
  })
})

describe('patterns of kinds', () => {
  const kind = { id: 'gb47678.5-M06010', family: 'MATTER', nameZh: '暴露垃圾', nameEn: 'Exposed rubbish', majorZh: '市容环境', majorEn: 'Appearance', majorCode: '06', keywords: [] } as unknown as Kind

  it('name any kind, a large class, or one; an unknown one is shown as it is', () => {
    expect(majorsOf([kind, kind]).map((each) => each.pattern)).toEqual(['gb47678.5-M06*'])
    expect(['*', 'gb47678.5-M06*', kind.id, 'x-M1'].map((each) => sayPattern(each, [kind], 'zh-CN', '全部'))).toEqual(['全部', '市容环境', '暴露垃圾', 'x-M1'])
  })
})

describe('the access log', () => {
  it('has words for every act it can be filtered by', () => {
    expect(ACTS.map((each) => each.replace(/[.-]/g, '_')).filter((each) => !(each in zh.act))).toEqual([])
  })

  it('knows every act that the server records', () => {
    const recorded = files('../server/src/main/java').flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/\b(?:access|accessLog|log)\.record\([^";]*"([a-z-]+\.[a-z-]+)"/g)].map((match) => match[1]!))
    expect(recorded).toContain('device.registered')
    expect([...new Set(recorded)].filter((act) => !(ACTS as readonly string[]).includes(act))).toEqual([])
  })
})

describe('permissions', () => {
  it('have words, and those that the server grants to keys can be chosen', () => {
    const source = readFileSync('../server/src/main/java/io/citywide/identity/Permission.java', 'utf8')
    const machines = source.match(/EnumSet\.of\(([^)]*)\)/)![1]!.match(/[A-Z_]+/g)!
    expect([...MACHINE_PERMISSIONS].sort()).toEqual(machines.sort())
    expect(PERMISSIONS.filter((each) => !(each in zh.permission))).toEqual([])
  })
})
