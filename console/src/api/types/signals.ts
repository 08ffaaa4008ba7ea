export interface Decision {
  step: 'accept' | 'locate' | 'recognise' | 'match' | string
  outcome: string
  why: string
  at: string
}

export interface SignalDraft {
  channel?: string
  kindId?: string | null
  title?: string
  description: string
  lon?: number | null
  lat?: number | null
  crs?: string
  address?: string
  areaCode?: string
  componentIdent?: string
  urgency?: string
  reporter?: { name?: string; phone?: string; email?: string; confidential?: boolean }
  media: string[]
}

export interface Accepted {
  signalId: number
  trackingCode: string | null
  outcome: 'WAITING_PLACE' | 'OPENED' | 'JOINED'
  caseId: number | null
  caseNo: string | null
  decisions: Decision[]
}

export interface Signal {
  id: number
  channel: string
  state: string
  title?: string | null
  description: string
  address: string | null
  areaCode: string | null
  areaName?: string | null
  kindId: string | null
  kindName?: string | null
  receivedAt: string
  media: string[]
  decisions?: Decision[]
  caseId?: number | null
  lon?: number | null
  lat?: number | null
  caseNo: string | null
}

export interface Media {
  sha256: string
  contentType: string
  bytes: number
  width: number | null
  height: number | null
  takenAt: string | null
  lon: number | null
  lat: number | null
}

export interface SignalNotice {
  signalId: number
  state: string
}
