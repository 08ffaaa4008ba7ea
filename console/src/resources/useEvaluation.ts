import { api } from '@/api/client'
import { Problem } from '@/api/problem'
import type { CaseRow } from '@/api/types/cases'
import type { Slice } from '@/api/types/slice'

export const OBJECTS = ['area', 'unit', 'position'] as const
export type EvaluationObject = (typeof OBJECTS)[number]
export const PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const
export type EvaluationPeriod = (typeof PERIODS)[number]

export interface EvaluationQuestion {
  object: EvaluationObject
  period: EvaluationPeriod
  /** Any day of the period. */
  at: string
  areaCode?: string
}

export interface Ratio {
  numerator: number
  denominator: number
  /** Two decimals; null where the denominator is 0. */
  percent: number | null
}

export interface EvaluationRow {
  key: string
  name: string
  counts: Record<string, number>
  ratios: Record<string, Ratio>
  score: number | null
  grade: string | null
}

export interface Evaluation {
  /** First instant of the period, and the first after it. */
  from: string
  to: string
  asOf: string
  rows: EvaluationRow[]
  /** All cases together; null for positions, where a case counts for several. */
  total: EvaluationRow | null
}

export interface CounterDefinition {
  code: string
  nameZh: string
  definitionZh: string
  definitionEn: string
}
export interface RatioDefinition {
  code: string
  nameZh: string
  numerator: string
  /** Counts that are summed. */
  denominator: string[]
  lowerIsBetter: boolean
}
export interface Definitions {
  counters: CounterDefinition[]
  ratios: RatioDefinition[]
}

/** Counts and ratios of GB/T 30428.4 and the cases they are made of (`/api/evaluation`). */
export function useEvaluation() {
  return {
    read: (question: EvaluationQuestion) => api.get<Evaluation>('/evaluation', { ...question }),
    definitions: () => api.get<Definitions>('/evaluation/definitions'),
    /** The cases of one count; without a key those of all rows. */
    cases: (of: EvaluationQuestion & { key?: string; counter: string }, limit: number, after?: string) => api.get<Slice<CaseRow>>('/evaluation/cases', { ...of, limit, after }),
    /** The workbook as a file. */
    async workbook(question: EvaluationQuestion): Promise<Blob> {
      const query = new URLSearchParams(Object.entries({ ...question }).filter((each): each is [string, string] => Boolean(each[1])))
      const answer = await fetch(`/api/evaluation.xlsx?${query}`, { credentials: 'same-origin' }).catch(() => {
        throw Problem.network()
      })
      if (!answer.ok) throw new Problem(await answer.json().catch(() => ({})), answer.status)
      return answer.blob()
    },
  }
}
