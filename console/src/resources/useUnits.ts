import { computed, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import { api } from '@/api/client'
import { Problem } from '@/api/problem'
import type { Unit } from '@/api/types/people'

/** The units of the organisation (`/api/units`), read once. */
export const useUnits = defineStore('units', () => {
  const units = shallowRef<Unit[]>([])
  const problem = shallowRef<Problem>()
  const active = computed(() => units.value.filter((each) => each.active !== false))
  const byId = computed(() => new Map(units.value.map((each) => [each.id, each])))
  let reading: Promise<void> | undefined

  function load(again = false): Promise<void> {
    if (again || !reading) {
      reading = api.get<Unit[] | { items: Unit[] }>('/units').then(
        (answer) => {
          units.value = Array.isArray(answer) ? answer : answer.items
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

  return { units, active, byId, problem, load }
})
