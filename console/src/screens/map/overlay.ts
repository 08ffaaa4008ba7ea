import type { ExpressionSpecification } from 'maplibre-gl'
import { FONT, type Overlay, type Token } from '@/map/style'

const NOTHING = { type: 'FeatureCollection' as const, features: [] }
export const COMPONENT_ZOOM = 15.5

/** Cases by their deadline, clustered, above the components. A cluster has the colour of its most urgent case. */
export function mapOverlay(token: Token): Overlay {
  const byState: ExpressionSpecification = [
    'match', ['get', 'dueState'], 'OVERDUE', token('--danger'), 'SOON', token('--warn-mark'), 'PAUSED', token('--paused'), token('--accent'),
  ]
  return {
    sources: {
      components: { type: 'geojson', data: NOTHING },
      cases: {
        type: 'geojson', data: NOTHING, cluster: true, clusterRadius: 42, clusterMaxZoom: 15,
        clusterProperties: {
          overdue: ['+', ['case', ['==', ['get', 'dueState'], 'OVERDUE'], 1, 0]],
          soon: ['+', ['case', ['==', ['get', 'dueState'], 'SOON'], 1, 0]],
        },
      },
      chosen: { type: 'geojson', data: NOTHING },
    },
    layers: [
      {
        id: 'components', type: 'circle', source: 'components', minzoom: COMPONENT_ZOOM,
        paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 15, 2, 18, 5], 'circle-color': token('--text-3'), 'circle-stroke-color': token('--surface'), 'circle-stroke-width': 1, 'circle-opacity': 0.85 },
      },
      {
        id: 'chosen', type: 'circle', source: 'chosen',
        paint: { 'circle-radius': 15, 'circle-color': token('--accent'), 'circle-opacity': 0.18, 'circle-stroke-color': token('--accent'), 'circle-stroke-width': 2 },
      },
      {
        id: 'case-clusters', type: 'circle', source: 'cases', filter: ['has', 'point_count'],
        paint: {
          'circle-radius': ['step', ['get', 'point_count'], 12, 10, 15, 50, 19, 200, 24],
          'circle-color': ['case', ['>', ['get', 'overdue'], 0], token('--danger'), ['>', ['get', 'soon'], 0], token('--warn-mark'), token('--accent')],
          'circle-opacity': 0.9, 'circle-stroke-color': token('--surface'), 'circle-stroke-width': 2,
        },
      },
      {
        id: 'case-counts', type: 'symbol', source: 'cases', filter: ['has', 'point_count'],
        layout: { 'text-field': ['get', 'point_count_abbreviated'], 'text-font': FONT, 'text-size': 12, 'text-allow-overlap': true },
        paint: { 'text-color': token('--surface') },
      },
      {
        id: 'case-points', type: 'circle', source: 'cases', filter: ['!', ['has', 'point_count']],
        paint: { 'circle-radius': 7, 'circle-color': byState, 'circle-stroke-color': token('--surface'), 'circle-stroke-width': 2 },
      },
    ],
  }
}
