import type { ComponentState } from '@/api/types/components'

export type IdentPart = { part: 'district' | 'major' | 'minor' | 'sequence'; digits: string }

/**
 * The parts of an identification code: district 6, major class 2, minor class 3 (2 in the 16 digits of GB/T 30428.2) and
 * sequence 6 digits; `undefined` for any other number.
 */
export function partsOf(ident: string): IdentPart[] | undefined {
  if (!/^\d{16,17}$/.test(ident)) return undefined
  const sequence = ident.length - 6
  return [
    { part: 'district', digits: ident.slice(0, 6) },
    { part: 'major', digits: ident.slice(6, 8) },
    { part: 'minor', digits: ident.slice(8, sequence) },
    { part: 'sequence', digits: ident.slice(sequence) },
  ]
}

/** Grade of the layer of components: 0 nothing wrong, 1 abandoned, 2 damaged, 3 lost. */
export const GRADE: Record<ComponentState, number> = { INTACT: 0, ABANDONED: 1, DAMAGED: 2, LOST: 3, REMOVED: 0 }
