import { api } from '@/api/client'
import type { Slice } from '@/api/types/slice'

export interface AccessEntry {
  id: number
  at: string
  actor: string
  personId: number | null
  act: string
  object: string | null
  outcome: string
  address: string | null
  details: Record<string, unknown> | null
}
export const ACTS = [
  'session.opened', 'session.refused', 'password.changed', 'password.refused', 'password.reset', 'person.created', 'person.changed', 'person.unlocked', 'position.granted', 'position.ended',
  'personal-data.revealed', 'personal-data.looked-up', 'api-key.created', 'api-key.revoked', 'api-key.approved', 'api-key.refused', 'unit.created', 'unit.changed', 'first-start',
  'evaluation.exported', 'matrix.added', 'matrix.changed', 'matrix.removed', 'matrix.switched', 'calendar.changed', 'limits.changed', 'catalogue.added', 'catalogue.changed', 'areas.imported', 'components.imported', 'basemap.imported',
  'buildings.imported', 'map.exported', 'warnings.exported', 'observations.exported', 'signal.declined', 'device.registered', 'device.changed', 'device.deleted', 'devices.imported', 'device.secret-issued', 'device.secret-revoked', 'device.command', 'device.answered',
  'device-type.added', 'device-type.changed', 'device-type.deleted', 'sensing.sta-created', 'sensing.sta-changed', 'sensing.sta-deleted', 'source.changed', 'rule.published', 'rule.withdrawn',
  'warning.route-added', 'warning.route-changed', 'warning.route-removed', 'warning.route-secret', 'warning.push-on', 'warning.push-off', 'camera.class-put', 'camera.consent-given', 'camera.consent-withdrawn',
  'vitals.added', 'vitals.changed', 'vitals.entered',
] as const

/** Who logged in, saw and granted what (`/api/access-log`), newest first. */
export function useAccessLog() {
  return {
    list: (filter: { act?: string; personId?: number; from?: string; to?: string }, limit: number, after?: string) =>
      api.get<Slice<AccessEntry>>('/access-log', { ...filter, limit, after }),
  }
}
