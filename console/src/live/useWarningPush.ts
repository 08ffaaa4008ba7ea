import { onScopeDispose, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { useSession } from '@/resources/useSession'
import type { WarningNotice } from '@/resources/useWarnings'
import { findPush, onPushOpened, showFromPage, speakPush } from './push'
import { useLive } from './useLive'

/**
 * Shows what this person, or this person's unit, was told of, where that was turned on: by the browser's push service, or else while this
 * page is open. A click opens the warning.
 */
export function useWarningPush(): void {
  const { t, locale } = useI18n()
  const session = useSession()
  const router = useRouter()
  watch(
    () => (session.may('SENSING_READ') ? session.me?.personId : undefined),
    (person) => {
      if (person !== undefined) void findPush(person, locale.value)
    },
    { immediate: true },
  )
  watch(locale, (to) => void speakPush(to))
  onScopeDispose(onPushOpened((path) => void router.push(path)))
  onScopeDispose(
    useLive().onType('warning', (given) => {
      const notice = given as WarningNotice | undefined
      const me = session.me
      if (!notice || notice.act !== 'TOLD' || !me) return
      const mine = notice.toPersons?.includes(me.personId) || (me.position?.unitId != null && notice.toUnits?.includes(me.position.unitId))
      if (!mine) return
      const english = locale.value === 'en'
      const title = t('warnings.told1', { grade: t(`parts.grade.${notice.grade}`), name: english ? notice.nameEn : notice.nameZh })
      showFromPage(title, `${t(`warnings.act.${notice.step}`)} · ${english ? notice.subjectEn : notice.subjectZh}`, `warning-${notice.warningId}`, () => void router.push(`/warnings/${notice.warningId}`))
    }),
  )
}
