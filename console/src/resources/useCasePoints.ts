import type { FeatureCollection, Point } from 'geojson'
import { api } from '@/api/client'
import type { CaseStage, DueState } from '@/api/types'

export interface CasePoint {
  id: number
  caseNo?: string
  title?: string
  stage?: CaseStage
  dueState?: DueState
  kindId?: string | null
  kindName?: string | null
}

/** Open cases and components within a box, as GeoJSON. */
export function useCasePoints() {
  return {
    cases: (bbox: string, signal?: AbortSignal) => api.get<FeatureCollection<Point, CasePoint>>('/cases/points', { bbox }, signal),
    components: (bbox: string, signal?: AbortSignal) => api.get<FeatureCollection<Point>>('/components', { bbox, limit: 5000 }, signal),
  }
}
