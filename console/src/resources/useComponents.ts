import { api, url } from '@/api/client'
import { useLoad } from '@/api/load'
import type { CaseRow } from '@/api/types/cases'
import type { ComponentDetail, ComponentEvent, ComponentState } from '@/api/types/components'
import type { Slice } from '@/api/types/slice'

const at = (ident: string, rest = '') => `/components/${encodeURIComponent(ident)}${rest}`

/** One component of the city (`/api/components`). */
export const findComponent = (ident: string) => api.get<ComponentDetail>(at(ident))

/** One component, what became of it, and the cases about it. */
export function useComponent() {
  return {
    detail: useLoad(findComponent),
    events: useLoad((ident: string) => api.get<ComponentEvent[]>(at(ident, '/events'))),
    cases: useLoad((ident: string) => api.get<Slice<CaseRow>>('/cases', { componentIdent: ident, limit: 100 })),
    change: (ident: string, from: ComponentState, to: ComponentState, reason: string) => api.post<ComponentEvent>(at(ident, '/state'), { from, to, reason }),
    takeBack: (ident: string, seq: number, reason: string) => api.post<ComponentEvent>(at(ident, '/take-back'), { seq, reason }),
    /** Address of its label, which leads to this server. */
    label: (ident: string) => url(at(ident, '/label.svg'), { base: window.location.origin }),
  }
}
