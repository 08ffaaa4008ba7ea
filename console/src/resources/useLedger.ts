import { api } from '@/api/client'
import { saveFile } from '@/api/save'

export interface LedgerHead {
  size: number
  root: string
  at: string
  keyId: string
  signature: string
}
export interface LedgerNow {
  ledger: string
  suite: string
  head: LedgerHead | null
}

/** Signed heads of the ledger and receipts of entries (`/api/ledger`). */
export function useLedger() {
  return {
    now: () => api.get<LedgerNow>('/ledger/head'),
    heads: (limit: number) => api.get<LedgerHead[]>('/ledger/heads', { limit }),
    receiptOfStep: (caseId: number, seq: number) => api.get<unknown>(`/cases/${caseId}/steps/${seq}/receipt`),
  }
}

/** Hands a value to the reader as a JSON file. */
export function saveJson(value: unknown, name: string): void {
  saveFile(new Blob([JSON.stringify(value, null, 1)], { type: 'application/json' }), name)
}
