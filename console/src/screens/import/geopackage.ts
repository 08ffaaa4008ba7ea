import type { Unpacked } from '@/resources/useImport'
import type { Broken, Features } from './geojson'

export const isGeoPackage = (name: string) => /\.gpkg$/i.test(name)

const WHY: Record<Unpacked['broken'][number]['why'], Broken> = { NO_GEOMETRY: 'noGeometry', NO_POINT: 'noPoint', BROKEN: 'badGeometry' }

/** Its columns and the point of each row as `lon` and `lat`, like the features of GeoJSON. */
export function packageAsTable(of: Unpacked): Features {
  const kept = of.columns.map((name, at) => ({ name, at: at + 1 })).filter((each) => each.name !== 'lon' && each.name !== 'lat')
  const said = (value: number | string | null | undefined) => (value === null || value === undefined ? '' : String(value))
  return {
    heads: [...kept.map((each) => each.name), 'lon', 'lat'],
    rows: of.rows.map((row) => ({ number: Number(row[0]), cells: [...kept.map((each) => said(row[each.at])), said(row.at(-2)), said(row.at(-1))] })),
    broken: of.broken.map((each) => ({ number: each.row, why: WHY[each.why], value: each.value })),
  }
}
