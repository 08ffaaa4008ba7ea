import { api, url, xsrfToken } from '@/api/client'
import { Problem, type ProblemBody } from '@/api/problem'
import type { CaseStage } from '@/api/types/cases'

export const GRADES = ['BLUE', 'YELLOW', 'ORANGE', 'RED'] as const
export type Grade = (typeof GRADES)[number]
export const CATEGORIES = ['Geo', 'Met', 'Safety', 'Security', 'Rescue', 'Fire', 'Health', 'Env', 'Transport', 'Infra', 'CBRNE', 'Other'] as const
export type Category = (typeof CATEGORIES)[number]
export const MEASURES = ['AVG', 'MIN', 'MAX', 'SUM', 'COUNT', 'RATE', 'MISSING'] as const
export type Measure = (typeof MEASURES)[number]

export interface RuleVersion {
  rule: string
  version: number
  state: 'DRAFT' | 'PUBLISHED' | 'REPLACED' | 'WITHDRAWN'
  edit: number
  document: string
  nameZh: string
  nameEn: string
  typeCode: string
  /** What the codes of its area begin with; empty: everywhere. */
  areaLow: string
  category: Category
  caseFrom: Grade | null
  caseKind: string | null
  note: string
  savedBy: string
  savedAt: string
  publishedBy: string | null
  publishedAt: string | null
  endedAt: string | null
}
export interface RuleHead {
  rule: string
  newest: RuleVersion
  published: RuleVersion | null
  live: number
}
export interface Flaw {
  code: string
  /** Path in the document, such as `grades.red.when`, or `line 3, column 5`. */
  where: string
  zh: string
  en: string
  mendZh: string
  mendEn: string
}
interface Words {
  zh: string
  en: string
}
/** A rule as the server understood its document; times are milliseconds. */
export interface ReadRule {
  id: string
  name: Words
  type: string
  group: string
  area: string
  per: 'THING' | 'GROUP'
  inputs: { name: string; type: string; property: string; from: 'SUBJECT' | 'GROUP' | 'AREA' }[]
  windows: { name: string; measure: Measure; input: string; over: number; per: number }[]
  learned: { name: string; method: 'BASELINE' | 'CHANGE' | 'RESIDUAL'; inputs: string[]; learn: number; every: number }[]
  sequences: { name: string; steps: string[]; within: number }[]
  grades: { grade: Grade; when: string; hold: number; until: string | null; untilHold: number; quiet: number }[]
  reason: Words | null
  /** What people read in place of the names of windows, learned watches and sequences. */
  names: Record<string, Words>
}
export interface Manner {
  category: Category
  caseFrom: Grade | null
  caseKind: string | null
  note: string
}
export interface WatchType {
  code: string
  nameZh: string
  nameEn: string
  properties: { name: string; nameZh: string; nameEn: string; unit: string; low: number | null; high: number | null; intervalSeconds: number }[]
}
export interface Step {
  kind: 'RAISED' | 'ESCALATED' | 'LOWERED' | 'ENDED'
  from: Grade | null
  to: Grade | null
  at: string
  reasonZh: string
  reasonEn: string
}
/** A case that people reported; `tie` says how it is connected with the devices, null: none is near. */
export interface ReportedCase {
  id: number
  caseNo: string
  kindId: string | null
  kindZh: string | null
  kindEn: string | null
  stage: CaseStage
  channel: string
  at: string
  tie: 'COMPONENT' | 'BUILDING' | 'NEAR' | null
  meters: number | null
}
/** What counts as near; the kind is what the rule is to catch. */
export interface Beside {
  nearMeters: number
  nearHours: number
  caseKind: string | null
}
export interface Compared extends Beside {
  episodes: number
  with: number
  without: number
  /** Cases of the kind; `missed` those in no episode, `beyond` of these those near no device. null: no kind was said. */
  ofKind: { all: number; missed: number; beyond: number; first: ReportedCase[] } | null
}
export interface Episode {
  subject: string
  subjectName: string
  number: number
  peak: Grade
  raised: string
  ended: string | null
  steps: Step[]
  caseCount: number
  /** The closest of them. */
  cases: ReportedCase[]
}
export interface RealWarning {
  id: number
  rule: string
  nameZh: string
  nameEn: string
  subject: string
  subjectName: string
  worst: Grade
  since: string
  endedAt: string | null
  verdict: 'REAL' | 'FALSE' | 'MAINTENANCE' | null
}
export interface Outcome {
  devices: number
  values: number
  tookMillis: number
  warnings: number
  byPeak: Record<Grade, number>
  heldBack: number
  episodes: Episode[]
  real: RealWarning[]
  realCount: number
  /** null: the viewer may not see cases. */
  compared: Compared | null
}
export interface Progress {
  parties: number
  of: number
  values: number
}
type Line = { progress: Progress } | { outcome: Outcome } | { problem: ProblemBody }

/** Runs a document over stored history; `signal` ends it, on the server too. */
async function rehearse(document: string, from: string, to: string, beside: Beside, locale: string, onProgress: (now: Progress) => void, signal: AbortSignal): Promise<Outcome> {
  let answer: Response
  try {
    answer = await fetch(url('/watch-rules/rehearse'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/x-ndjson, application/problem+json', 'Accept-Language': locale, 'X-XSRF-TOKEN': xsrfToken() ?? '' },
      body: JSON.stringify({ document, from, to, ...beside }),
      credentials: 'same-origin',
      signal,
    })
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown
    throw Problem.network()
  }
  if (!answer.ok) throw new Problem((await answer.json().catch(() => ({}))) as ProblemBody, answer.status)
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    rest += value ?? ''
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines.filter(Boolean)) {
      const line = JSON.parse(text) as Line
      if ('progress' in line) onProgress(line.progress)
      else if ('outcome' in line) return line.outcome
      else throw new Problem(line.problem, line.problem.status ?? 422)
    }
    if (done) throw Problem.network()
  }
}

/** Watch rules (`/api/watch-rules`). */
export function useRules() {
  return {
    list: () => api.get<RuleHead[]>('/watch-rules'),
    versions: (rule: string) => api.get<RuleVersion[]>(`/watch-rules/${encodeURIComponent(rule)}`),
    types: () => api.get<WatchType[]>('/device-types'),
    check: (document: string) => api.post<{ read: ReadRule | null; flaws: Flaw[] }>('/watch-rules/check', { document }),
    save: (document: string, manner: Manner, edit: number | null) => api.put<RuleVersion>('/watch-rules/draft', { document, ...manner, edit }),
    discard: (rule: string, edit: number) => api.delete(`/watch-rules/${encodeURIComponent(rule)}/draft?edit=${edit}`),
    publish: (rule: string, edit: number) => api.post<RuleVersion>(`/watch-rules/${encodeURIComponent(rule)}/publish`, { edit }),
    withdraw: (rule: string, version: number) => api.post(`/watch-rules/${encodeURIComponent(rule)}/withdraw`, { version }),
    rehearse,
  }
}
