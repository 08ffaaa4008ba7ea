import { api } from '@/api/client'

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
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([JSON.stringify(value, null, 1)], { type: 'application/json' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href))
}
