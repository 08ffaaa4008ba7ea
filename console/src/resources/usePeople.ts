import { api } from '@/api/client'
import type { Purpose } from '@/parts/purposes'
import type { Permission, Role } from '@/api/types/people'
import type { Slice } from '@/api/types/slice'

export interface HeldPosition {
  id: number
  role: Role
  unitId: number | null
  unitName: string | null
  areaCode: string
  /** False while the unit is inactive or its stationing has run out. */
  counts: boolean
}
export interface Account {
  id: number
  login: string
  name: string
  /** Masked. */
  phone: string | null
  /** A number is kept, but its key is missing or its bytes were altered. */
  sealBroken: boolean
  areaCode: string | null
  active: boolean
  mustChangePassword: boolean
  lockedUntil: string | null
  positions: HeldPosition[]
}
export interface AccountDraft {
  name: string
  phone: string | null
  areaCode: string | null
  active?: boolean
}
export interface RoleInfo {
  role: Role
  nameZh: string
  nameEn: string
  permissions: Permission[]
  administrator: boolean
  unitBound: boolean
}

/** Accounts and positions (`/api/people`, `/api/roles`). */
export function usePeople() {
  return {
    list: (filter: { q?: string; role?: string; active?: boolean }, limit: number, after?: string) => api.get<Slice<Account>>('/people', { ...filter, limit, after }),
    create: (person: AccountDraft & { login: string; signIn: boolean }) => api.post<{ person: Account; oneTimePassword: string | null }>('/people', person),
    change: (id: number, draft: AccountDraft) => api.put<Account>(`/people/${id}`, draft),
    resetPassword: (id: number) => api.post<{ oneTimePassword: string }>(`/people/${id}/password-reset`),
    reveal: (id: number, purpose: Purpose) => api.post<{ phone: string }>(`/people/${id}/reveal`, purpose),
    unlock: (id: number) => api.post<Account>(`/people/${id}/unlock`),
    grant: (id: number, position: { unitId: number | null; role: Role; areaCode: string | null }) => api.post<Account>(`/people/${id}/positions`, position),
    end: (id: number, positionId: number) => api.delete<Account>(`/people/${id}/positions/${positionId}`),
    roles: () => api.get<RoleInfo[]>('/roles'),
  }
}
