import { api } from '@/api/client'
import { useLoad } from '@/api/load'
import type { Slice } from '@/api/types/slice'

export const DEVICE_STATES = ['ONLINE', 'SILENT', 'FAULTY', 'NEW'] as const
export type DeviceState = (typeof DEVICE_STATES)[number]

export interface DeviceProperty {
  name: string
  nameZh: string
  nameEn: string
  unit: string
  low: number | null
  high: number | null
  intervalSeconds: number
}
export interface DeviceCommand { name: string; nameZh: string; nameEn: string; parameters: string[] }
export interface DeviceType {
  code: string
  nameZh: string
  nameEn: string
  properties: DeviceProperty[]
  commands: DeviceCommand[]
  silentAfterSeconds: number
  retentionDays: number
  version: number
}
export interface DeviceRow {
  id: number
  code: string
  type: string
  name: string
  lon: number
  lat: number
  areaCode: string | null
  area: string | null
  group: string
  unit: string | null
  source: string
  enabled: boolean
  state: DeviceState
  seenAt: string | null
  /** What it measured of the property and in the time of the question; null where nothing was asked for or measured. */
  measured: Sum | null
}
export interface DeviceDetail { device: DeviceRow; component: string | null; building: string | null; unitCode: string | null; secret: boolean; version: number; changedAt: string }
export interface DeviceDraft {
  code: string
  type: string
  name: string | null
  lon: number | null
  lat: number | null
  group: string | null
  component: string | null
  building: string | null
  unit: string | null
  source: string | null
  enabled: boolean | null
}
export interface IssuedCommand {
  id: number
  name: string
  parameters: Record<string, number>
  state: 'PENDING' | 'SENT' | 'DONE' | 'FAILED' | 'EXPIRED'
  reason: string
  askedBy: string
  askedAt: string
  expiresAt: string
  answeredAt: string | null
  answer: string | null
}
export interface DeviceImportOutcome {
  read: number
  added: number
  changed: number
  unchanged: number
  rejected: number
  rejects: { row: number; field: string | null; value: string | null; reason: string }[]
  elapsedMillis: number
}
/** `property`: only devices that measure it; with `from` and `to` (ISO 8601) what each measured of it in that time. */
export interface DeviceQuestion { type?: string; state?: DeviceState; area?: string; group?: string; q?: string; property?: string; from?: string; to?: string }
export interface Value { time: number; value: number }
export interface Sum { from: number; count: number; min: number; max: number; sum: number; last: number }

const SIGNS: Readonly<Record<string, string>> = { Cel: '°C', deg: '°', 'ug/m3': 'µg/m³', 'mg/m3': 'mg/m³', 'm/s2': 'm/s²' }
/** A unit of a property, which is a code of UCUM, as it is written; empty where there is none. */
export const sayUnit = (unit: string | undefined) => (!unit || unit === '1' ? '' : (SIGNS[unit] ?? unit))

/** What a property may be: "0 – 1000 µg/m³"; a side without a bound is infinite. */
export function sayRange(of: DeviceProperty): string {
  const bound = (n: number | null, none: string) => (n === null ? none : String(n).replace('-', '−'))
  return `${bound(of.low, '−∞')} – ${bound(of.high, '∞')} ${sayUnit(of.unit)}`.trim()
}

/** What the address of the register asks for; a time counts only with a property, and whole. */
export function questionOf(query: Readonly<Record<string, unknown>>): DeviceQuestion {
  const one = (value: unknown) => (typeof value === 'string' && value ? value : undefined)
  const property = one(query.property)
  const [from, to] = property ? [one(query.from), one(query.to)] : []
  return {
    type: one(query.type), state: DEVICE_STATES.find((each) => each === query.state), area: one(query.area), group: one(query.group), q: one(query.q), property,
    ...(from && to ? { from, to } : {}),
  }
}

/** The property of this name, of the first of the types that has it. */
export const propertyOf = (types: readonly DeviceType[], name: string) => types.flatMap((each) => each.properties).find((each) => each.name === name)

const PAGE = 50
const at = (code: string, rest = '') => `/devices/${encodeURIComponent(code)}${rest}`

/** The register of devices (`/api/devices`), page after page, with the number in each state. */
export function useDevices() {
  const page = (question: DeviceQuestion, after?: string) => api.get<Slice<DeviceRow>>('/devices', { ...question, after, limit: PAGE })
  const list = useLoad((question: DeviceQuestion) => page(question))
  async function more(question: DeviceQuestion): Promise<void> {
    const now = list.data.value
    if (!now?.next) return
    const following = await page(question, now.next)
    if (list.data.value === now) list.data.value = { items: [...now.items, ...following.items], next: following.next }
  }
  return {
    list, more,
    counts: useLoad(({ state: _, from: _from, to: _to, ...question }: DeviceQuestion) => api.get<Record<DeviceState, number>>('/devices:counts', { ...question })),
    register: (draft: DeviceDraft) => api.post<DeviceDetail>('/devices', draft),
    takeOver: (file: File, onProgress: (share: number) => void) =>
      api.send<DeviceImportOutcome>('/devices:import', file, /\.(ndjson|jsonl)$/i.test(file.name) ? 'application/x-ndjson' : 'text/csv', {}, onProgress),
  }
}

/** Types of devices (`/api/device-types`). */
export function useDeviceTypes() {
  return {
    types: useLoad(() => api.get<DeviceType[]>('/device-types')),
    add: (type: DeviceType) => api.post<DeviceType>('/device-types', type),
    change: (type: DeviceType) => api.put<DeviceType>(`/device-types/${type.code}`, type),
    remove: (code: string) => api.delete(`/device-types/${code}`),
  }
}

/** One device, what it observes and what it was told to do. */
export function useDevice() {
  return {
    detail: useLoad((code: string) => api.get<DeviceDetail>(at(code))),
    commands: useLoad((code: string) => api.get<IssuedCommand[]>(at(code, '/commands'))),
    change: (draft: DeviceDraft & { version: number }) => api.put<DeviceDetail>(at(draft.code), draft),
    remove: (code: string) => api.delete(at(code)),
    issueSecret: (code: string) => api.post<{ secret: string }>(at(code, '/secret')),
    revokeSecret: (code: string) => api.delete(at(code, '/secret')),
    command: (code: string, order: { name: string; parameters: Record<string, number>; reason: string }) => api.post<IssuedCommand>(at(code, '/commands'), order),
    /** The newest value; `undefined` where there is none yet. */
    newest: (code: string, property: string) => api.get<Value>('/observations/newest', { device: code, property }).catch(() => undefined),
    sums: (code: string, property: string, step: 'FIVE_MINUTES' | 'HOUR', from: number, to: number) => api.get<Sum[]>('/observations/sums', { device: code, property, step, from, to }),
  }
}
