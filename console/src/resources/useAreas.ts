import { computed, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import { api } from '@/api/client'
import { Problem } from '@/api/problem'
import type { Area, AreaLevel } from '@/api/types/places'
import { chainWords } from './usePlaces'

export interface AreaNode extends Area {
  children: AreaNode[]
}

/** The flat list as a tree; an area whose parent is not in the list is a root. */
export function areaTree(areas: readonly Area[], deepest: AreaLevel = 'UNIT_GRID'): AreaNode[] {
  const order: AreaLevel[] = ['CITY', 'DISTRICT', 'STREET', 'COMMUNITY', 'UNIT_GRID']
  const limit = order.indexOf(deepest)
  const nodes = new Map<string, AreaNode>()
  for (const area of areas) if (order.indexOf(area.level) <= limit) nodes.set(area.code, { ...area, children: [] })
  const roots: AreaNode[] = []
  for (const node of nodes.values()) {
    const parent = node.parentCode ? nodes.get(node.parentCode) : undefined
    if (parent) parent.children.push(node)
    else roots.push(node)
  }
  return roots
}

/** Areas of the viewer's scope without geometry (`/api/areas`), read once. */
export const useAreas = defineStore('areas', () => {
  const areas = shallowRef<Area[]>([])
  const problem = shallowRef<Problem>()
  const byCode = computed(() => new Map(areas.value.map((each) => [each.code, each])))
  let reading: Promise<void> | undefined

  function load(again = false): Promise<void> {
    if (again || !reading) {
      reading = api.get<Area[]>('/areas').then(
        (answer) => {
          areas.value = answer
          problem.value = undefined
        },
        (thrown: unknown) => {
          problem.value = Problem.from(thrown)
          reading = undefined
        },
      )
    }
    return reading
  }

  function name(code: string | null | undefined, locale: string): string | undefined {
    const area = code ? byCode.value.get(code) : undefined
    return area && (locale === 'en' ? (area.nameEn ?? area.name) : area.name)
  }

  /** Where an area lies, from the district down, in another language than the server's; undefined where that does, or it is not known. */
  function path(code: string | null | undefined, locale: string): string | undefined {
    if (locale !== 'en') return undefined
    const chain: Area[] = []
    for (let each = code ? byCode.value.get(code) : undefined; each; each = each.parentCode ? byCode.value.get(each.parentCode) : undefined) chain.unshift(each)
    return chain.length > 0 ? chainWords(chain, locale) : undefined
  }

  return { areas, byCode, problem, load, name, path }
})
