import { api } from '@/api/client'
import { useLoad } from '@/api/load'
import type { Purpose } from '@/parts/purposes'
import type { Accepted, Signal, SignalDraft } from '@/api/types/signals'
import type { Slice } from '@/api/types/slice'

export interface RevealedReporter {
  name: string | null
  phone: string | null
  email: string | null
  identityNumber: string | null
  /** What a channel knew of the person besides. */
  attributes: Record<string, string>
}

/** Reports of every channel (`/api/signals`). */
export function useSignals() {
  const list = useLoad((state: string, q: string | undefined, limit: number) => api.get<Slice<Signal>>('/signals', { state, q, limit }))
  return {
    ...list,
    report: (draft: SignalDraft) => api.post<Accepted>('/signals', draft),
    place: (id: number, where: { lon: number; lat: number; kindId?: string }) => api.post<Accepted>(`/signals/${id}/place`, where),
    decline: (id: number, reason: string) => api.post<unknown>(`/signals/${id}/decline`, { reason }),
    reveal: (id: number, purpose: Purpose) => api.post<RevealedReporter>(`/signals/${id}/reveal`, purpose),
    /** The newest reports within sight of who has this number, masked. */
    ofReporter: (phone: string) => api.post<Signal[]>('/signals/of-reporter', { phone }),
  }
}
