import { computed, onBeforeUnmount, watch, type ComputedRef } from 'vue'
import { useLoad } from '@/api/load'
import { useVitals, type VitalsOverview } from '@/resources/useVitals'

const AGAIN_AFTER = 60_000

/** The health of an area as it is now, read again each minute. Undefined while another area's is known, or where it cannot be read: below communities there is none. */
export function useHealth(area: () => string | undefined, wanted: () => boolean): ComputedRef<VitalsOverview | undefined> {
  const vitals = useVitals()
  const { data, problem, run } = useLoad((of?: string) => vitals.overview(of))
  watch([area, wanted], ([of, is]) => void (is && run(of)), { immediate: true })
  const every = setInterval(() => void (wanted() && !document.hidden && run(area())), AGAIN_AFTER)
  onBeforeUnmount(() => clearInterval(every))
  return computed(() => (wanted() && !problem.value && data.value && (area() || data.value.area.code) === data.value.area.code ? data.value : undefined))
}
