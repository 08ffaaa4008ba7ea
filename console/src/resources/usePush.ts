import { api } from '@/api/client'
import { useLoad } from '@/api/load'

/** A browser of one's own that gets warnings pushed (`/api/warning-push`). */
export interface PushedBrowser {
  id: number
  name: string
  lang: 'zh' | 'en'
  madeAt: string
  seenAt: string
}
/** `key` is the server's, for `applicationServerKey`: a point of P-256 in base64url. */
export interface OwnPush {
  key: string
  browsers: PushedBrowser[]
}
export interface NewBrowser {
  endpoint: string
  keys: { p256dh: string; auth: string }
  lang: 'zh' | 'en'
  name: string
}

export const pushApi = {
  own: () => api.get<OwnPush>('/warning-push'),
  turnOn: (browser: NewBrowser) => api.post<PushedBrowser>('/warning-push', browser),
  seen: (id: number, lang: 'zh' | 'en') => api.put(`/warning-push/${id}`, { lang }),
  turnOff: (id: number) => api.delete(`/warning-push/${id}`),
}

export function usePush() {
  return { own: useLoad(pushApi.own) }
}
