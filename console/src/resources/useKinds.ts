import { computed, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import { api } from '@/api/client'
import { Problem } from '@/api/problem'
import type { Kind } from '@/api/types/places'

/** Letters and digits only, lower case: how a kind is searched. */
function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, '')
}

/**
 * Kinds that fit the words, best first: code or name that starts with them, then a name that contains them, then a
 * keyword or the major class. No words: all, as given.
 */
export function searchKinds(kinds: readonly Kind[], words: string, limit = 60): Kind[] {
  const wanted = plain(words)
  if (!wanted) return kinds.slice(0, limit)
  const scored: { kind: Kind; score: number }[] = []
  for (const kind of kinds) {
    const names = [kind.nameZh, kind.nameEn ?? ''].map(plain)
    let score = 0
    if (plain(kind.code).startsWith(wanted) || plain(kind.id) === wanted) score = 4
    else if (names.some((each) => each.startsWith(wanted))) score = 3
    else if (names.some((each) => each.includes(wanted))) score = 2
    else if ([...kind.keywords, kind.majorZh ?? '', kind.majorEn ?? ''].some((each) => plain(each).includes(wanted))) score = 1
    if (score > 0) scored.push({ kind, score })
  }
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map((each) => each.kind)
}

/** The catalogue of kinds in force (`/api/kinds`), read once. */
export const useKinds = defineStore('kinds', () => {
  const kinds = shallowRef<Kind[]>([])
  const problem = shallowRef<Problem>()
  const byId = computed(() => new Map(kinds.value.map((each) => [each.id, each])))
  let reading: Promise<void> | undefined

  function load(again = false): Promise<void> {
    if (again || !reading) {
      reading = api.get<Kind[] | { items: Kind[] }>('/kinds', { active: true }).then(
        (answer) => {
          kinds.value = Array.isArray(answer) ? answer : answer.items
          problem.value = undefined
        },
        (thrown: unknown) => {
          problem.value = Problem.from(thrown)
          reading = undefined
        },
      )
    }
    return reading
  }

  function name(id: string | null | undefined, locale: string): string | undefined {
    const kind = id ? byId.value.get(id) : undefined
    return kind && (locale === 'en' ? (kind.nameEn ?? kind.nameZh) : kind.nameZh)
  }

  return { kinds, problem, byId, load, name }
})
