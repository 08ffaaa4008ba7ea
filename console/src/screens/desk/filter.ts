import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { CaseFilter } from '@/resources/useCases'

export const FILTER_KEYS = ['stage', 'kindId', 'areaCode', 'unitId', 'overdue', 'q', 'from', 'to', 'closedFrom', 'sort'] as const
/** In the place of a queue: cases in any stage, also closed ones. */
export const EVERY = 'every'
type Key = (typeof FILTER_KEYS)[number]

function one(value: LocationQuery[string] | undefined): string | undefined {
  const first = Array.isArray(value) ? value[0] : value
  return first || undefined
}

/** The filter as the address says it; what is unknown there is ignored. */
export function filterOf(query: LocationQuery): CaseFilter {
  const filter: CaseFilter = { queue: one(query.queue) }
  for (const key of FILTER_KEYS) {
    const value = one(query[key])
    if (value !== undefined) filter[key] = value
  }
  return filter
}

/** The address for a changed filter: empty values leave it, and another filter drops the chosen case. */
export function queryWith(query: LocationQuery, change: Partial<Record<Key | 'queue', string | null | undefined>>): LocationQueryRaw {
  const next: LocationQueryRaw = { ...query, ...change }
  delete next.case
  delete next.search
  for (const key of Object.keys(next)) if (next[key] === null || next[key] === undefined || next[key] === '') delete next[key]
  return next
}

/** How many filters narrow the queue; the order is none. */
export function countFilters(filter: CaseFilter): number {
  return FILTER_KEYS.filter((key) => key !== 'sort' && key !== 'q' && filter[key] !== undefined).length
}

/** What the API is asked: a date of the address is a whole day in the reader's zone, an instant is taken as it is. */
export function requestOf(filter: CaseFilter): CaseFilter {
  const day = (text: string | undefined, plus: number) => {
    if (!text || text.includes('T')) return text
    const at = new Date(`${text}T00:00:00`)
    if (Number.isNaN(at.getTime())) return undefined
    at.setDate(at.getDate() + plus)
    return at.toISOString()
  }
  return { ...filter, queue: filter.queue === EVERY ? undefined : filter.queue, from: day(filter.from, 0), to: day(filter.to, 1) }
}

/** Which row follows when the chosen one has left the list: the one that moved into its place, else the last. */
export function nextAfter<T extends { id: number }>(before: readonly T[], after: readonly T[], chosen: number): T | undefined {
  const still = after.find((each) => each.id === chosen)
  if (still) return still
  const place = before.findIndex((each) => each.id === chosen)
  const left = new Set(after.map((each) => each.id))
  const follower = before.slice(place + 1).find((each) => left.has(each.id))
  return after.find((each) => each.id === follower?.id) ?? after[Math.min(Math.max(place, 0), after.length - 1)]
}
