import type { Kind, KindFamily } from '@/api/types/places'

export interface Major {
  pattern: string
  zh: string
  en: string
  family: KindFamily
}

/** Large classes of the catalogue with the pattern that means them, such as `gb47678.5-M06*`. */
export function majorsOf(kinds: readonly (Kind & { majorCode?: string | null })[]): Major[] {
  const majors = new Map<string, Major>()
  for (const kind of kinds) {
    if (!kind.majorZh || !kind.majorCode) continue
    const pattern = `${kind.id.slice(0, kind.id.indexOf('-') + 2)}${kind.majorCode}*`
    if (!majors.has(pattern)) majors.set(pattern, { pattern, zh: kind.majorZh, en: kind.majorEn ?? kind.majorZh, family: kind.family })
  }
  return [...majors.values()]
}

/** A pattern in words; as it is where the catalogue does not know it. */
export function sayPattern(pattern: string, kinds: readonly Kind[], locale: string, any: string): string {
  if (pattern === '*') return any
  const kind = kinds.find((each) => each.id === pattern)
  if (kind) return locale === 'en' ? (kind.nameEn ?? kind.nameZh) : kind.nameZh
  const major = majorsOf(kinds).find((each) => each.pattern === pattern)
  return major ? (locale === 'en' ? major.en : major.zh) : pattern
}
