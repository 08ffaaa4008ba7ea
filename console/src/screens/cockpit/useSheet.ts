import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { AreaFigures, MapLayerCount } from '@/api/types/map'
import { token } from '@/design/theme'
import { AREAS, CASE_DUE, kindColours } from './overlay'
import type { LegendRow, Sheet } from './picture'

/** As the map grades warnings, from 1. */
const GRADES = ['BLUE', 'YELLOW', 'ORANGE', 'RED'] as const
/** Of a layer coloured by kind, so many of the commonest; the sheet is small. */
const MOST_KINDS = 5
/** Their colours say something else than the kind. */
const NOT_BY_KIND = ['cases', 'warnings', 'duty', AREAS]

interface Around {
  shown: () => ReadonlySet<string>
  /** What is on the map, by layer and kind, the commonest kind first. */
  counted: () => readonly MapLayerCount[]
  metric: () => AreaFigures['figures'][number] | undefined
  bounds: () => readonly number[]
  /** Whether there are areas below the one shown, which a figure colours. */
  divided: () => boolean
  /** Name of the area shown; empty where there is none. */
  area: () => string
  /** Names from the topmost area down to it. */
  trail: () => string[]
  /** Moment of the past, milliseconds; now when missing. */
  at: () => number | undefined
}

/** What a printed map says beside the map: its title, when it is of, and what the colours mean. */
export function useSheet(around: Around): ComputedRef<Sheet> {
  const { t, locale } = useI18n()
  const say = (at: number | Date) => new Date(at).toLocaleString(locale.value)
  return computed(() => {
    const legend: LegendRow[] = []
    const shown = around.shown()
    const metric = around.metric()
    if (shown.has('cases')) for (const due of CASE_DUE) legend.push({ colour: token(due.colour), says: `${t('cockpit.open')} · ${t(`due.${due.state}`)}`, round: true })
    if (shown.has('warnings') && around.counted().some(({ id, count }) => id === 'warnings' && count > 0)) GRADES.forEach((grade, i) => legend.push({ colour: token(`--grade-${i + 1}`), says: `${t('cockpit.warnings')} · ${t(`parts.grade.${grade}`)}`, round: true }))
    if (shown.has('duty')) legend.push({ colour: token('--duty'), says: t('cockpit.onDuty'), round: true })
    const colours = kindColours(token)
    const named = (each: { titleZh: string; titleEn: string }) => (locale.value === 'en' ? each.titleEn : each.titleZh)
    for (const layer of around.counted()) {
      if (!shown.has(layer.id) || NOT_BY_KIND.includes(layer.id)) continue
      layer.kinds.slice(0, MOST_KINDS).forEach((kind, i) => legend.push({ colour: colours[i]!, says: `${named(layer)} · ${named(kind)}`, round: true }))
    }
    if (shown.has(AREAS) && metric && around.divided()) {
      const title = named(metric)
      ;[...around.bounds(), undefined].forEach((bound, i, all) => {
        const least = (all[i - 1] ?? 0) + 1
        const range = bound === undefined ? `> ${least - 1}` : least === bound ? bound : `${least}–${bound}`
        legend.push({ colour: token(`--ramp-${i + 1}`), says: `${title} ${range}`, round: false })
      })
    }
    return {
      title: `${around.area()} ${t('cockpit.title')}`.trim(),
      subtitle: [around.trail().join(' › '), t('cockpit.print.state', { t: say(around.at() ?? new Date()) })].join('    '),
      source: t('cockpit.print.source', { name: t('app.name'), t: say(new Date()) }),
      legendTitle: t('cockpit.legend'),
      legend,
    }
  })
}
