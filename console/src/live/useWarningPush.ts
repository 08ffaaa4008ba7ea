import { onScopeDispose } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { useSession } from '@/resources/useSession'
import type { WarningNotice } from '@/resources/useWarnings'
import { push } from './push'
import { useLive } from './useLive'

/** Shows the browser's own notification of what this person, or this person's unit, was told of, once it was allowed. */
export function useWarningPush(): void {
  const { t, locale } = useI18n()
  const session = useSession()
  const router = useRouter()
  onScopeDispose(
    useLive().onType('warning', (given) => {
      const notice = given as WarningNotice | undefined
      const me = session.me
      if (!notice || notice.act !== 'TOLD' || !me) return
      const mine = notice.toPersons?.includes(me.personId) || (me.position?.unitId != null && notice.toUnits?.includes(me.position.unitId))
      if (!mine) return
      const english = locale.value === 'en'
      const title = t('warnings.told1', { grade: t(`parts.grade.${notice.grade}`), name: english ? notice.nameEn : notice.nameZh })
      push(title, `${t(`warnings.act.${notice.step}`)} · ${english ? notice.subjectEn : notice.subjectZh}`, `warning-${notice.warningId}`, () => void router.push(`/warnings/${notice.warningId}`))
    }),
  )
}
