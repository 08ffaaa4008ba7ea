import type { PublicKind, PublicReport } from '@/resources/usePublicReports'

/** The report form as it is filled in. */
export interface Draft {
  description: string
  place: { lon: number; lat: number } | null
  address: string
  /** Code on the label of the thing it is about. */
  componentIdent?: string
  kindId: string | null
  media: string[]
  name: string
  phone: string
}

export function emptyDraft(): Draft {
  return { description: '', place: null, address: '', kindId: null, media: [], name: '', phone: '', componentIdent: undefined }
}

/** What to send: blank fields are left out, positions have seven decimals (about a centimetre). */
export function bodyOf(draft: Draft): PublicReport {
  const text = (value: string) => value.trim() || undefined
  const at = (value: number) => Math.round(value * 1e7) / 1e7
  return {
    description: draft.description.trim(),
    media: draft.media,
    kindId: draft.kindId ?? undefined,
    lon: draft.place ? at(draft.place.lon) : undefined,
    lat: draft.place ? at(draft.place.lat) : undefined,
    address: text(draft.address),
    componentIdent: draft.componentIdent,
    name: text(draft.name),
    phone: text(draft.phone),
  }
}

/**
 * Gives the key under which a report is sent: the same one for as long as the report says the same, so that it can be
 * sent again where the answer was lost. What was changed meanwhile is another report.
 */
export function reportKeys(): (report: PublicReport) => string {
  let said: string | undefined
  let key = ''
  return (report) => {
    const says = JSON.stringify(report)
    // Not randomUUID, which only secure pages have; 128 random bits all the same.
    if (says !== said) key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
    said = says
    return key
  }
}

/** What is missing before a report can be sent; the city has to know what and where. */
export function missing(draft: Draft): 'description' | 'place' | null {
  if (!draft.description.trim()) return 'description'
  return draft.place || draft.address.trim() ? null : 'place'
}

export interface KindGroup {
  zh: string
  en: string
  kinds: PublicKind[]
}

/**
 * Kinds by their large class, as a citizen sees the city: what happens in the street first, then what is wrong with
 * facilities. A component itself is offered only where no matter of its class is.
 */
export function groupKinds(kinds: readonly PublicKind[]): KindGroup[] {
  const groups = new Map<string, KindGroup>()
  for (const kind of kinds) {
    const zh = kind.majorZh
    if (!zh) continue
    let group = groups.get(zh)
    if (!group) groups.set(zh, (group = { zh, en: kind.majorEn ?? zh, kinds: [] }))
    group.kinds.push(kind)
  }
  const facilities = (group: KindGroup) => Number(group.kinds.some((each) => each.family === 'COMPONENT'))
  return [...groups.values()]
    .sort((a, b) => facilities(a) - facilities(b))
    .map((group) => {
      const matters = group.kinds.filter((each) => each.family === 'MATTER')
      return matters.length > 0 ? { ...group, kinds: matters } : group
    })
}
