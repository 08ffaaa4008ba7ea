import { onScopeDispose, ref, shallowRef } from 'vue'
import { api } from '@/api/client'
import { Problem } from '@/api/problem'

interface OwnDuty {
  onDuty: boolean
}
interface Where {
  lon: number
  lat: number
  accuracy: number
}

/** A phone says where it is once in this time, while the page is open. */
const REPORT_EVERY = 30_000

/** One's own duty (`/api/duty`): on, off, and while on the position of this phone. */
export function useDuty() {
  const onDuty = ref<boolean>()
  const problem = shallowRef<Problem>()
  const busy = ref(false)
  let watching: number | undefined
  let reported = 0

  const canLocate = () => 'geolocation' in navigator && window.isSecureContext
  const where = (at: GeolocationPosition): Where => ({ lon: at.coords.longitude, lat: at.coords.latitude, accuracy: Math.min(100_000, at.coords.accuracy) })

  function watch(): void {
    if (!onDuty.value || watching !== undefined || !canLocate()) return
    watching = navigator.geolocation.watchPosition((at) => {
      if (Date.now() - reported < REPORT_EVERY) return
      reported = Date.now()
      // A report that does not get through is made up for by the next one.
      api.post('/duty/position', where(at)).catch(() => undefined)
    })
  }
  function unwatch(): void {
    if (watching !== undefined) navigator.geolocation.clearWatch(watching)
    watching = undefined
  }

  async function load(): Promise<void> {
    try {
      onDuty.value = (await api.get<OwnDuty>('/duty')).onDuty
      watch()
    } catch (thrown) {
      problem.value = Problem.from(thrown)
    }
  }

  async function turn(): Promise<void> {
    busy.value = true
    problem.value = undefined
    try {
      onDuty.value = (await api.post<OwnDuty>(onDuty.value ? '/duty/end' : '/duty/start')).onDuty
    } catch (thrown) {
      problem.value = Problem.from(thrown)
      await load()
    } finally {
      busy.value = false
    }
    if (onDuty.value) watch()
    else unwatch()
  }

  onScopeDispose(unwatch)
  return { onDuty, problem, busy, load, turn }
}
