import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { Problem } from '@/api/problem'

/** What a refusal says about single fields: `field` names one, `faults` several. */
export function faultsOf(problem: Problem | undefined): Record<string, string> {
  const result: Record<string, string> = {}
  const faults = problem?.body.faults
  if (Array.isArray(faults))
    for (const each of faults as { field?: unknown; fault?: unknown }[])
      if (typeof each?.field === 'string') result[each.field] = String(each.fault ?? '')
  const field = problem?.body.field
  if (typeof field === 'string' && result[field] === undefined) result[field] = problem!.detail || problem!.title
  return result
}

export interface Form {
  busy: Ref<boolean>
  problem: ShallowRef<Problem | undefined>
  /** Field name to what is wrong with it. */
  faults: ComputedRef<Record<string, string>>
  /** Runs the call; true where it succeeded. A second call while one runs does nothing. */
  send: (call: () => Promise<unknown>) => Promise<boolean>
  clear: () => void
}

/** One form's sending state, with refusals at the fields they name. */
export function useForm(): Form {
  const busy = ref(false)
  const problem = shallowRef<Problem>()
  const faults = computed(() => faultsOf(problem.value))
  async function send(call: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = undefined
    try {
      await call()
      return true
    } catch (thrown) {
      problem.value = Problem.from(thrown)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, faults, send, clear: () => (problem.value = undefined) }
}
