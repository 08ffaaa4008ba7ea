import type { Permission } from '@/api/types/people'

/** The parts of administration in their order; each needs one of its permissions. */
export const SECTIONS: { name: string; anyOf: Permission[] }[] = [
  { name: 'people', anyOf: ['PERSON_READ'] },
  { name: 'units', anyOf: ['UNIT_EDIT'] },
  { name: 'matrix', anyOf: ['MATRIX_READ'] },
  { name: 'calendar', anyOf: ['CALENDAR_EDIT'] },
  { name: 'limits', anyOf: ['CALENDAR_EDIT'] },
  { name: 'kinds', anyOf: ['CATALOGUE_EDIT'] },
  { name: 'areas', anyOf: ['PLACE_EDIT'] },
  { name: 'keys', anyOf: ['API_KEY_EDIT'] },
  { name: 'approvals', anyOf: ['API_KEY_APPROVE'] },
  { name: 'log', anyOf: ['AUDIT_READ'] },
  { name: 'ledger', anyOf: ['AUDIT_READ'] },
]
