import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { Problem } from './problem'

export interface Load<T, A extends unknown[]> {
  data: ShallowRef<T | undefined>
  problem: ShallowRef<Problem | undefined>
  loading: Ref<boolean>
  /** Loads again; an older answer that arrives late is dropped. Old data stays visible meanwhile. */
  run: (...args: A) => Promise<T | undefined>
}

/** Holds the answer of one reading call with its loading and error state. */
export function useLoad<T, A extends unknown[]>(read: (...args: A) => Promise<T>): Load<T, A> {
  const data = shallowRef<T>()
  const problem = shallowRef<Problem>()
  const loading = ref(false)
  let latest = 0
  async function run(...args: A): Promise<T | undefined> {
    const mine = ++latest
    loading.value = true
    try {
      const answer = await read(...args)
      if (mine !== latest) return undefined
      data.value = answer
      problem.value = undefined
      return answer
    } catch (thrown) {
      if (mine === latest) problem.value = Problem.from(thrown)
      return undefined
    } finally {
      if (mine === latest) loading.value = false
    }
  }
  return { data, problem, loading, run }
}
