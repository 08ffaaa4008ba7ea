import type { ActionField, CaseAction, CaseDetail, OfferedAction } from '@/api/types/cases'

export type Control = 'text' | 'kind' | 'unit' | 'units' | 'point' | 'photos' | 'result' | 'urgency' | 'minutes' | 'approve' | 'choice' | 'person' | 'case' | 'line' | 'hidden'

export interface FormField {
  name: string
  control: Control
  required: boolean
  options: { value: string | number; label: string | null }[]
}

/** Which control edits a field; `lon` and `lat` become one point on the map. */
function controlOf(field: ActionField): Control {
  switch (field.name) {
    case 'opinion':
    case 'reason':
    case 'text':
    case 'note':
      return 'text'
    case 'kindId':
      return 'kind'
    case 'leadUnitId':
      return 'unit'
    case 'assistUnitIds':
      return 'units'
    case 'media':
      return 'photos'
    case 'result':
      return 'result'
    case 'urgency':
      return 'urgency'
    case 'minutes':
      return 'minutes'
    case 'approve':
      return 'approve'
    case 'assigneeId':
      return 'person'
    case 'otherId':
      return 'case'
    case 'requestId':
      return 'hidden'
    default:
      return (field.options?.length ?? 0) > 0 ? 'choice' : 'line'
  }
}

const RESULTS: Partial<Record<CaseAction, string[]>> = {
  VERIFY: ['EXISTS', 'NOT_EXISTS', 'UNABLE'],
  CHECK: ['PASS', 'FAIL', 'UNABLE'],
  EVALUATE: ['5', '4', '3', '2', '1'],
}

function options(offered: OfferedAction, field: ActionField): FormField['options'] {
  const given = (field.options ?? []) as unknown[]
  if (given.length > 0)
    return given.map((each) =>
      typeof each === 'object' && each !== null
        ? { value: ((each as Record<string, unknown>).value ?? (each as Record<string, unknown>).id) as string | number, label: String((each as Record<string, unknown>).label ?? (each as Record<string, unknown>).name ?? '') }
        : { value: each as string | number, label: null },
    )
  if (field.name === 'result') return (RESULTS[offered.action] ?? []).map((value) => ({ value, label: null }))
  if (field.name === 'urgency') return ['NORMAL', 'URGENT'].map((value) => ({ value, label: null }))
  return []
}

/** The form of an offered action, required fields first, photos and free text last. */
export function formOf(offered: OfferedAction): FormField[] {
  const fields: FormField[] = []
  const names = new Set(offered.fields.map((each) => each.name))
  for (const field of offered.fields) {
    if (field.name === 'version') continue
    if (field.name === 'lat') continue
    if (field.name === 'lon' && names.has('lat')) {
      fields.push({ name: 'point', control: 'point', required: field.required, options: [] })
      continue
    }
    fields.push({ name: field.name, control: controlOf(field), required: field.required, options: options(offered, field) })
  }
  const weight = (field: FormField) => (field.control === 'text' ? 2 : field.control === 'photos' ? 3 : field.required ? 0 : 1)
  return fields.map((field, index) => ({ field, index })).sort((a, b) => weight(a.field) - weight(b.field) || a.index - b.index).map((each) => each.field)
}

export type Values = Record<string, unknown>

/** What the form starts with: what the case already says, the dispatch suggestion, approval as the usual answer. */
export function startValues(form: readonly FormField[], offered: OfferedAction, of: CaseDetail): Values {
  const values: Values = {}
  for (const field of form) {
    switch (field.control) {
      case 'kind': values[field.name] = of.kindId; break
      case 'unit': values[field.name] = of.dispatchSuggestion?.leadUnit?.id ?? of.leadUnitId ?? null; break
      case 'units': values[field.name] = of.dispatchSuggestion?.assistUnits.map((each) => each.id) ?? []; break
      case 'person': values[field.name] = of.assigneeId ?? null; break
      case 'photos': values[field.name] = []; break
      case 'point': values[field.name] = of.lon !== null && of.lat !== null ? { lon: of.lon, lat: of.lat } : null; break
      // A grade is a judgement: nobody gives it by default.
      case 'result': values[field.name] = offered.action === 'EVALUATE' ? null : (field.options[0]?.value ?? null); break
      case 'urgency': values[field.name] = of.urgency ?? 'NORMAL'; break
      case 'minutes': values[field.name] = 240; break
      case 'approve': values[field.name] = true; break
      case 'hidden': values[field.name] = pendingFor(offered.action, of) ?? null; break
      default: values[field.name] = null
    }
  }
  return values
}

/** The pending request that a deciding action is about. */
export function pendingFor(action: CaseAction, of: CaseDetail): number | undefined {
  return of.pending.find((each) => each.action === action)?.id
}

/** Required fields that are still empty. */
export function missing(form: readonly FormField[], values: Values): string[] {
  return form
    .filter((field) => field.required && field.control !== 'hidden')
    .filter((field) => {
      const value = values[field.name]
      return value === null || value === undefined || value === '' || (typeof value === 'string' && !value.trim()) || (Array.isArray(value) && value.length === 0)
    })
    .map((field) => field.name)
}

/** The values as the API wants them: the point as lon and lat, empty fields left out. */
export function commandFields(form: readonly FormField[], values: Values): Values {
  const result: Values = {}
  for (const field of form) {
    const value = values[field.name]
    if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue
    if (field.control === 'point') Object.assign(result, value)
    else if (field.control === 'result') result[field.name] = String(value)
    else result[field.name] = typeof value === 'string' ? value.trim() : value
  }
  return result
}

const PRIMARY: CaseAction[] = [
  'ACCEPT', 'VERIFY', 'FILE', 'DISPATCH', 'DECIDE_EXTENSION', 'DECIDE_SUSPENSION', 'DECIDE_FORCED_CLOSURE', 'RECEIVE', 'DISPOSE', 'CHECK', 'CLOSE', 'EVALUATE',
  'RESUME', 'REQUEST_VERIFICATION', 'DECLINE', 'RETURN', 'REOPEN', 'ASSIGN', 'REQUEST_EXTENSION', 'SUSPEND', 'URGE', 'SUPERVISE',
  'CLASSIFY', 'RELOCATE', 'REQUEST_FORCED_CLOSURE', 'VOID', 'MERGE', 'SPLIT', 'NOTE', 'JOIN_SIGNAL', 'OPEN', 'IMPORT',
]

const BESIDE = new Set<CaseAction>(['NOTE', 'URGE', 'SUPERVISE', 'CLASSIFY', 'RELOCATE', 'VOID', 'MERGE', 'REQUEST_FORCED_CLOSURE', 'REQUEST_EXTENSION', 'SUSPEND'])

/** Whether an action moves the case on its way, so that its button stands out. */
export function leadsOn(offered: OfferedAction): boolean {
  return !offered.reasonDisabled && !BESIDE.has(offered.action)
}

/** Offered actions, the one that moves the case on first; SPLIT is done at the reports. */
export function ordered(actions: readonly OfferedAction[]): OfferedAction[] {
  return actions
    .filter((each) => !['SPLIT', 'JOIN_SIGNAL', 'OPEN', 'IMPORT'].includes(each.action))
    .sort((a, b) => Number(!!a.reasonDisabled) - Number(!!b.reasonDisabled) || PRIMARY.indexOf(a.action) - PRIMARY.indexOf(b.action))
}
