import { api } from '@/api/client'
import type { Permission, Role } from '@/api/types/people'

export interface ApiKey {
  id: number
  name: string
  prefix: string
  permissions: Permission[]
  unitId: number | null
  areaCode: string | null
  /** `*`: any. */
  channels: string[]
  /** `*`: any. */
  sources: string[]
  createdAt: string
  expiresAt: string | null
  revokedAt: string | null
  /** Made by the server for whoever owns its data folder. */
  operator: boolean
  /** Name of who made it; null: the server. */
  madeBy: string | null
  approval: KeyApproval
}
/** Whether a key works yet: what another administrator holds by role, one of them has to approve. */
export interface KeyApproval {
  state: 'NOT_NEEDED' | 'WAITING' | 'APPROVED' | 'REFUSED'
  /** What is to be approved. */
  of: Permission[]
  /** Roles that may. */
  by: Role[]
  decidedBy: string | null
  decidedAt: string | null
  refusal: string | null
}
export interface ApiKeyDraft {
  name: string
  permissions: Permission[]
  unitId: number | null
  areaCode: string | null
  channels: string[]
  sources: string[]
  expiresAt: string | null
}
/** What a machine may be given; people alone hold the rest. */
export const MACHINE_PERMISSIONS: Permission[] = [
  'METRICS_READ', 'SIGNAL_REPORT', 'SIGNAL_IMPORT', 'SIGNAL_READ', 'CASE_READ', 'PLACE_READ', 'PLACE_EDIT', 'BUILDING_READ', 'BUILDING_EDIT', 'UNIT_READ', 'UNIT_EDIT', 'CATALOGUE_EDIT', 'CALENDAR_EDIT', 'MATRIX_READ', 'MATRIX_EDIT',
  'EVALUATION_READ', 'EVALUATION_EXPORT', 'MAP_EXPORT', 'LIVE', 'SENSING_READ', 'DEVICE_EDIT', 'OBSERVATION_WRITE', 'VITALS_READ', 'VITALS_ENTER',
]

/** Keys of machines (`/api/api-keys`); a secret is told once. */
export function useApiKeys() {
  return {
    list: () => api.get<ApiKey[]>('/api-keys'),
    create: (draft: ApiKeyDraft) => api.post<{ key: ApiKey; secret: string }>('/api-keys', draft),
    revoke: (id: number) => api.delete(`/api-keys/${id}`),
    listWaiting: () => api.get<ApiKey[]>('/api-keys/waiting'),
    approve: (id: number) => api.post<ApiKey>(`/api-keys/${id}/approve`),
    refuse: (id: number, reason: string) => api.post<ApiKey>(`/api-keys/${id}/refuse`, { reason }),
  }
}
