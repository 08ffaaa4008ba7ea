import { api } from '@/api/client'
import { useLoad } from '@/api/load'
import type { Accepted, Signal, SignalDraft, Slice } from '@/api/types'

/** Reports of every channel (`/api/signals`). */
export function useSignals() {
  const list = useLoad((state: string, q: string | undefined, limit: number) => api.get<Slice<Signal>>('/signals', { state, q, limit }))
  return {
    ...list,
    report: (draft: SignalDraft) => api.post<Accepted>('/signals', draft),
    place: (id: number, where: { lon: number; lat: number; kindId?: string }) => api.post<Accepted>(`/signals/${id}/place`, where),
    decline: (id: number, reason: string) => api.post<unknown>(`/signals/${id}/decline`, { reason }),
    reveal: (id: number, purpose: string) =>
      api.post<{ name?: string | null; phone?: string | null; email?: string | null }>(`/signals/${id}/reveal`, { purpose }),
  }
}
