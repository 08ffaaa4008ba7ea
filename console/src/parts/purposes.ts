/** What personal data may be needed for, as the server names it. */
export const PURPOSES = ['CALL_BACK', 'FIND', 'EMERGENCY', 'COMPLAINT', 'CORRECTION', 'BY_LAW'] as const
export type PurposeKind = (typeof PURPOSES)[number]
/** `reason`: 5 to 200 characters. */
export interface Purpose {
  purpose: PurposeKind
  reason: string
}
