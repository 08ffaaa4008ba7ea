/** Says a span or an instant in the reader's language. Pure, so that it can be tested without a screen. */
type Translate = (key: string, values?: Record<string, unknown>) => string

/** A span of minutes: "45 min", "3 h 20 min", "2 d 4 h". Negative spans are said by their size. */
export function sayMinutes(minutes: number, t: Translate): string {
  const all = Math.round(Math.abs(minutes))
  if (all < 60) return t('time.minutes', { n: all })
  const hours = Math.floor(all / 60)
  if (hours < 24) {
    const rest = all % 60
    return rest === 0 ? t('time.hours', { n: hours }) : t('time.hoursMinutes', { h: hours, m: rest })
  }
  const days = Math.floor(hours / 24)
  const rest = hours % 24
  return rest === 0 ? t('time.days', { n: days }) : t('time.daysHours', { d: days, h: rest })
}

/** Time left until a deadline, or by how much it has passed. */
export function sayRemaining(minutes: number, t: Translate): string {
  return t(minutes < 0 ? 'time.over' : 'time.left', { t: sayMinutes(minutes, t) })
}

export function sayAgo(at: string, now: number, t: Translate): string {
  const minutes = (now - Date.parse(at)) / 60_000
  if (minutes < 1) return t('time.justNow')
  // One unit is enough for something that lies back.
  const coarse = minutes >= 1440 ? Math.floor(minutes / 1440) * 1440 : minutes >= 60 ? Math.floor(minutes / 60) * 60 : minutes
  return t('time.ago', { t: sayMinutes(coarse, t) })
}

/** "11-22 14:05", with the year when it is another one. */
export function sayInstant(at: string | null | undefined, now: Date = new Date()): string {
  if (!at) return '—'
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return at
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`
  return date.getFullYear() === now.getFullYear() ? day : `${date.getFullYear()}-${day}`
}
