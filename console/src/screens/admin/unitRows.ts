import type { Unit } from '@/api/types/people'

export interface UnitRow {
  unit: Unit
  depth: number
  /** Number of units directly below. */
  below: number
}

/**
 * The units as rows of a tree, children below their parents, in the order of names. With words: the units that match
 * and those above them; folding is then ignored.
 */
export function unitRows(units: readonly Unit[], words: string, folded: ReadonlySet<number>): UnitRow[] {
  const wanted = words.trim().toLowerCase()
  const byId = new Map(units.map((each) => [each.id, each]))
  const shown = new Set<number>()
  for (const unit of units) {
    if (wanted && !unit.name.toLowerCase().includes(wanted) && !unit.code.toLowerCase().includes(wanted)) continue
    for (let each: Unit | undefined = unit; each && !shown.has(each.id); each = each.parentId === null ? undefined : byId.get(each.parentId)) shown.add(each.id)
  }
  const children = new Map<number | null, Unit[]>()
  for (const unit of units) {
    if (!shown.has(unit.id)) continue
    const parent = unit.parentId !== null && byId.has(unit.parentId) ? unit.parentId : null
    children.set(parent, [...(children.get(parent) ?? []), unit])
  }
  const rows: UnitRow[] = []
  function add(parent: number | null, depth: number) {
    for (const unit of (children.get(parent) ?? []).sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'))) {
      const below = children.get(unit.id)?.length ?? 0
      rows.push({ unit, depth, below })
      if (wanted || !folded.has(unit.id)) add(unit.id, depth + 1)
    }
  }
  add(null, 0)
  return rows
}
