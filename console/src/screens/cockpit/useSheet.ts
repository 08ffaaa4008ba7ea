import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { AreaFigures } from '@/api/types/map'
import { token } from '@/design/theme'
import { AREAS, CASE_DUE } from './overlay'
import type { LegendRow, Sheet } from './picture'

interface Around {
  shown: () => ReadonlySet<string>
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
    if (shown.has('duty')) legend.push({ colour: token('--duty'), says: t('cockpit.onDuty'), round: true })
    if (shown.has(AREAS) && metric && around.divided()) {
      const title = locale.value === 'en' ? metric.titleEn : metric.titleZh
      ;[...around.bounds(), undefined].forEach((bound, i, all) => legend.push({ colour: token(`--ramp-${i + 1}`), says: `${title} ${bound === undefined ? `> ${all[i - 1] ?? 0}` : `${(all[i - 1] ?? 0) + 1}–${bound}`}`, round: false }))
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
