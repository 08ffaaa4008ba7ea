import { shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { queryOf, stateOf, type CockpitState } from './state'

/**
 * The cockpit's state, held by the address. `change` with `push` makes a step that the back button takes back; `restored`
 * is told a state that came from the address, by a step back or forward.
 */
export function useCockpitState(restored: (state: CockpitState) => void) {
  const route = useRoute()
  const router = useRouter()
  const state = shallowRef(stateOf(route.query))
  let written = ''

  function change(part: Partial<CockpitState>, how: 'push' | 'replace' = 'replace') {
    state.value = { ...state.value, ...part }
    const query = queryOf(state.value)
    written = JSON.stringify(query)
    void router[how]({ path: '/cockpit', query })
  }
  watch(
    () => route.query,
    (query) => {
      if (route.path !== '/cockpit') return
      const given = stateOf(query)
      if (JSON.stringify(queryOf(given)) === written) return
      written = JSON.stringify(queryOf(given))
      state.value = given
      restored(given)
    },
  )
  return { state, change }
}
