import { api } from '@/api/client'
import type { Media } from '@/api/types/signals'

/** Evidence by its hash (`/api/media`). */
export const mediaUrl = (sha256: string) => `/api/media/${sha256}`
export const thumbnailUrl = (sha256: string) => `/api/media/${sha256}/thumbnail`

export function useMedia(path = '/media') {
  return { upload: (file: File, onProgress?: (share: number) => void) => api.upload<Media>(path, file, onProgress) }
}
