import { useI18n } from 'vue-i18n'

/** Who took a step: a person with a role by name; who had none is a channel or a part of the server, which have words of their own. */
export function useActor() {
  const { t, te } = useI18n()
  return (step: { personName: string | null; role: string | null }): string => {
    if (step.personName === null || step.role !== null) return step.personName ?? t('case.system')
    const words = [`channel.${step.personName}`, `case.actor.${step.personName}`].find((each) => te(each))
    return words ? t(words) : step.personName
  }
}
