export const COMPONENT_STATES = ['INTACT', 'ABANDONED', 'DAMAGED', 'LOST', 'REMOVED'] as const
export type ComponentState = (typeof COMPONENT_STATES)[number]

/** A component of the city; its grid key is left to `/api/places/locate`, which says it as a code. */
export interface CityComponent {
  ident: string
  kindId: string
  name: string
  lon: number
  lat: number
  areaCode: string | null
  ownerCode: string | null
  state: ComponentState
  accuracy: string | null
  source: string | null
  recordedOn: string | null
  changedOn: string | null
}
export interface ComponentDetail {
  component: CityComponent
  kindName: string
  description: string | null
  /** States that may follow. */
  allowed: ComponentState[]
}
export interface ComponentEvent {
  id: number
  seq: number
  act: 'CHANGED' | 'TAKEN_BACK' | 'IMPORTED'
  from: ComponentState
  to: ComponentState
  at: string
  actorName: string | null
  reason: string | null
}
