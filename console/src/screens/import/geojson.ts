import type { Position } from 'geojson'
import { COMPONENTS, encodingOf, line, type Head, type Mapping } from './csv'

/** Larger files are for the command, which reads them feature by feature. */
export const MOST_BYTES = 200 * (1 << 20)

/** Why a feature is not sent: the server would only miss its position. */
export type Broken = 'noFeature' | 'noGeometry' | 'noPoint' | 'badPoint' | 'badGeometry'

/** The features of a file as rows of a table. */
export interface Features {
  heads: string[]
  rows: { number: number; cells: string[] }[]
  broken: { number: number; why: Broken; value: string | null }[]
}

/** Whether a file's name says GeoJSON; `.geojsonl` and the like hold a feature a line. */
export const isGeoJson = (name: string) => /\.(geojson|json|geojsonl|geojsons|geojsonseq)$/i.test(name)

interface Given {
  type?: unknown
  geometry?: { type?: unknown; coordinates?: unknown } | null
  properties?: Record<string, unknown> | null
  features?: unknown
}

/** The features of a FeatureCollection, or one a line. @throws SyntaxError where it is no JSON; @throws RangeError where it is too large */
export async function readFeatures(file: File): Promise<(Given | undefined)[]> {
  if (file.size > MOST_BYTES) throw new RangeError(`a file of more than ${MOST_BYTES} bytes`)
  const text = new TextDecoder(await encodingOf(file)).decode(await file.arrayBuffer()).replace(/^\uFEFF/, '')
  if (/\.(geojson|json)$/i.test(file.name)) {
    try {
      const whole = JSON.parse(text) as Given
      if (!Array.isArray(whole.features)) throw new SyntaxError('no FeatureCollection')
      return whole.features as Given[]
    } catch (fault) {
      // A feature a line under the name of a collection.
      if (!/^[^\n]*\}\s*\n\s*\{/.test(text)) throw fault
    }
  }
  return text.split('\n').map((each) => each.replace(/^\u001e/, '').trim()).filter((each) => each !== '').map((each) => {
    try {
      return JSON.parse(each) as Given
    } catch {
      return undefined
    }
  })
}

const said = (value: unknown) => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value))
const isPosition = (given: unknown): given is Position => Array.isArray(given) && given.length >= 2 && Number.isFinite(given[0]) && Number.isFinite(given[1])

/** Properties as columns, the point of each as `lon` and `lat`. */
export function asTable(features: readonly (Given | undefined)[]): Features {
  const heads = [...new Set(features.flatMap((each) => Object.keys(each?.properties ?? {})))].filter((each) => each !== 'lon' && each !== 'lat')
  const rows: Features['rows'] = []
  const broken: Features['broken'] = []
  features.forEach((each, n) => {
    const number = n + 1
    const geometry = each?.geometry
    if (each?.type !== 'Feature') broken.push({ number, why: 'noFeature', value: said(each?.type) || null })
    else if (!geometry) broken.push({ number, why: 'noGeometry', value: null })
    else if (geometry.type !== 'Point') broken.push({ number, why: 'noPoint', value: said(geometry.type) })
    else if (!isPosition(geometry.coordinates)) broken.push({ number, why: 'badPoint', value: said(geometry.coordinates).slice(0, 80) })
    else rows.push({ number, cells: [...heads.map((head) => said(each.properties?.[head])), String(geometry.coordinates[0]), String(geometry.coordinates[1])] })
  })
  return { heads: [...heads, 'lon', 'lat'], rows, broken }
}

export function headOf(table: Features, rows = 5): Head {
  return { encoding: 'utf-8', delimiter: ',', heads: table.heads, sample: table.rows.slice(0, rows).map((each) => each.cells) }
}

/** As the server reads it; see `asRows` of CSV. */
export function tableAsRows(table: Features, mapping: Mapping, crs: string): Blob {
  const fields = COMPONENTS.fields.filter((each) => mapping[each] !== undefined)
  const constant = mapping.crs === undefined
  return new Blob([line(['row', ...fields, ...(constant ? ['crs'] : [])]),
    ...table.rows.map((row) => line([String(row.number), ...fields.map((each) => (row.cells[mapping[each]!] ?? '').trim()), ...(constant ? [crs] : [])]))], { type: 'text/csv' })
}

/** Buildings as lines of the server's NDJSON: the properties of a feature, an area as `outline`, a point as `lon` and `lat`; what is no feature goes as it is. */
export function buildingLines(features: readonly (Given | undefined)[]): Blob {
  return new Blob(features.map((each) => {
    const geometry = each?.geometry
    const place = !geometry ? {} : geometry.type === 'Point' && isPosition(geometry.coordinates) ? { lon: geometry.coordinates[0], lat: geometry.coordinates[1] } : { outline: geometry }
    return `${JSON.stringify(each?.type === 'Feature' ? { ...(each.properties ?? {}), ...place } : (each ?? null))}\n`
  }), { type: 'application/x-ndjson' })
}
