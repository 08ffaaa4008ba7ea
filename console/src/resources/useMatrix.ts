import { api } from '@/api/client'
import type { Slice } from '@/api/types/slice'

export const HOURS = ['ANY', 'WORKING', 'OFF'] as const
export type Hours = (typeof HOURS)[number]

interface Named {
  id: number
  name: string
}
export interface MatrixRule {
  id: number
  /** A kind id, a large class with `*`, or `*`. */
  kind: string
  kindName: string
  kindMatch: 'EXACT' | 'MAJOR' | 'ANY'
  /** Empty: everywhere. */
  areaCode: string
  areaName: string
  hours: Hours
  leadUnit: Named
  assistUnits: Named[]
  validFrom: string | null
  validTo: string | null
  version: number
}
export interface MatrixRuleDraft {
  kind: string
  areaCode: string
  hours: Hours
  leadUnitId: number | null
  assistUnitIds: number[]
  validFrom: string | null
  validTo: string | null
}
export interface MatrixImported {
  read: number
  accepted: number
  created: number
  changed: number
  unchanged: number
  rejected: { line: number; field: string | null; reason: string }[]
}
export interface MatrixSwitch {
  kind: string
  kindName: string
  areaCode: string
  areaName: string
  automatic: boolean
}

/** The responsibility matrix (`/api/dispatch`). */
export function useMatrix() {
  return {
    list: (filter: { kind?: string; areaCode?: string; unitId?: number }, limit: number, after?: string) => api.get<Slice<MatrixRule>>('/dispatch/rules', { ...filter, limit, after }),
    create: (draft: MatrixRuleDraft) => api.post<MatrixRule>('/dispatch/rules', draft),
    change: (id: number, version: number, draft: MatrixRuleDraft) => api.put<MatrixRule>(`/dispatch/rules/${id}`, { ...draft, version }),
    remove: (id: number) => api.delete(`/dispatch/rules/${id}`),
    /** Bytes as they are: the server reads UTF-8 and GB18030. */
    take: (csv: Blob) => api.postText<MatrixImported>('/dispatch/rules:import', csv, 'text/csv'),
    switches: () => api.get<MatrixSwitch[]>('/dispatch/switches'),
    put: (switches: { kind: string; areaCode?: string; automatic: boolean }[]) => api.put<MatrixSwitch[]>('/dispatch/switches', switches),
  }
}
