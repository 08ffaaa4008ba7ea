import { api } from '@/api/client'

/** How an import of components went; `read = added + changed + unchanged + rejects.length`. */
export interface ComponentOutcome {
  read: number
  added: number
  changed: number
  unchanged: number
  rejects: { row: number; field: string | null; value: string | null; reason: string }[]
  /** What looks wrong with the file as a whole. */
  warnings: { declared: string; likely: string; medianMetersDeclared: number; medianMetersLikely: number; detail: string }[]
  trial: boolean
  elapsedMillis: number
}

/** The rows of a GeoPackage, read by the server: a browser has no reader of SQLite files. Each is its number, its values, and its point. */
export interface Unpacked {
  columns: string[]
  rows: (number | string | null)[][]
  broken: { row: number; why: 'NO_GEOMETRY' | 'NO_POINT' | 'BROKEN'; value: string | null }[]
}

/** Registers taken over as files. */
export function useImport() {
  return {
    components: (rows: Blob, source: string, trial: boolean, onProgress: (share: number) => void) =>
      api.send<ComponentOutcome>('/components:import', rows, 'text/csv', { source: source.slice(0, 200), trial }, onProgress),
    /** The rows of a GeoPackage, which only the server can read. */
    unpack: (of: Blob, onProgress: (share: number) => void) => api.send<Unpacked>('/components:unpack', of, 'application/geopackage+sqlite3', {}, onProgress),
    buildings: (lines: readonly string[]) => api.postText<{ accepted: number; rejected: { index: number; reason: string }[] }>('/buildings:batch', lines.join('\n'), 'application/x-ndjson'),
  }
}
