import { onScopeDispose, ref, shallowRef } from 'vue'
import { api } from '@/api/client'
import { useLoad } from '@/api/load'
import { Problem } from '@/api/problem'
import type { Role } from '@/api/types/people'
import type { Purpose } from '@/parts/purposes'

/** Somebody on duty; `at` is when the position was reported, `fresh` whether that is not long ago. */
export interface Present {
  id: number
  personId: number
  name: string
  role: Role
  unitId: number | null
  unitName: string | null
  areaCode: string
  areaName: string | null
  since: string
  lon: number | null
  lat: number | null
  /** Metres. */
  accuracy: number | null
  at: string | null
  fresh: boolean
}
/** Where somebody was. */
export interface Seen {
  at: string
  lon: number
  lat: number
  accuracyMeters: number | null
}
/** A shift as planned. */
export interface Shift {
  id: number
  personId: number
  personName: string
  areaCode: string
  startsAt: string
  endsAt: string
  note: string | null
}
export interface NewShift {
  personId: number
  areaCode: string
  startsAt: string
  endsAt: string
  note: string | null
}
interface OwnDuty {
  onDuty: boolean
  duty: Present | null
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
  const duty = shallowRef<Present>()
  const problem = shallowRef<Problem>()
  const busy = ref(false)
  /** Whether positions are shared: not asked yet, shared, refused by the person or the browser, or not possible here. */
  const sharing = ref<'no' | 'waiting' | 'yes' | 'refused' | 'impossible'>('no')
  let watching: number | undefined
  let reported = 0

  const canLocate = () => 'geolocation' in navigator && window.isSecureContext
  const where = (at: GeolocationPosition): Where => ({ lon: at.coords.longitude, lat: at.coords.latitude, accuracy: Math.min(100_000, at.coords.accuracy) })
  function take(own: OwnDuty): void {
    onDuty.value = own.onDuty
    duty.value = own.onDuty ? (own.duty ?? undefined) : undefined
  }

  function watch(): void {
    if (!onDuty.value || watching !== undefined) return
    if (!canLocate()) {
      sharing.value = 'impossible'
      return
    }
    sharing.value = 'waiting'
    watching = navigator.geolocation.watchPosition(
      (at) => {
        sharing.value = 'yes'
        if (Date.now() - reported < REPORT_EVERY) return
        reported = Date.now()
        // A report that does not get through is made up for by the next one.
        api.post<OwnDuty>('/duty/position', where(at)).then(take, () => undefined)
      },
      (refusal) => (sharing.value = refusal.code === refusal.PERMISSION_DENIED ? 'refused' : 'waiting'),
      { enableHighAccuracy: true, maximumAge: REPORT_EVERY },
    )
  }
  function unwatch(): void {
    if (watching !== undefined) navigator.geolocation.clearWatch(watching)
    watching = undefined
    sharing.value = 'no'
  }

  async function load(): Promise<void> {
    try {
      take(await api.get<OwnDuty>('/duty'))
      watch()
    } catch (thrown) {
      problem.value = Problem.from(thrown)
    }
  }

  async function turn(): Promise<void> {
    busy.value = true
    problem.value = undefined
    try {
      take(await api.post<OwnDuty>(onDuty.value ? '/duty/end' : '/duty/start'))
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
  return { onDuty, duty, sharing, problem, busy, load, turn }
}

/** Who is on duty within sight (`/api/map/duty`), and who is planned to be (`/api/roster`). */
export function useRoster() {
  return {
    present: useLoad(() => api.get<Present[]>('/map/duty')),
    shifts: useLoad((from: Date, to: Date) => api.get<Shift[]>('/roster', { from: from.toISOString(), to: to.toISOString() })),
    /** All of them or none. */
    plan: (shifts: NewShift[]) => api.post<number[]>('/roster', shifts),
    cancel: (id: number) => api.delete(`/roster/${id}`),
    way: (id: number, purpose: Purpose) => api.post<Seen[]>(`/map/duty/${id}/way`, purpose),
  }
}
