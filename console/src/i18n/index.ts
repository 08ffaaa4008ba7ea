import { createI18n } from 'vue-i18n'
import wordsZh from './zh-CN'
import wordsEn from './en'

export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]

type Messages = { [key: string]: string | Messages }

/** `screens/desk/zh-CN.ts` becomes the namespace `desk`; `parts/zh-CN.ts` becomes `parts`. */
export function collect(files: Record<string, { default: Messages }>): Messages {
  const result: Messages = {}
  for (const [path, file] of Object.entries(files)) {
    const name = path.split('/').at(-2)
    if (name) result[name] = file.default
  }
  return result
}

export const messages: Record<Locale, Messages> = {
  'zh-CN': {
    ...wordsZh,
    ...collect(import.meta.glob<{ default: Messages }>(['../screens/*/zh-CN.ts', '../parts/zh-CN.ts'], { eager: true })),
  },
  en: {
    ...wordsEn,
    ...collect(import.meta.glob<{ default: Messages }>(['../screens/*/en.ts', '../parts/en.ts'], { eager: true })),
  },
}

const STORED = 'citywide.locale'

function initial(): Locale {
  const stored = localStorage.getItem(STORED)
  return LOCALES.find((each) => each === stored) ?? 'zh-CN'
}

export function makeI18n() {
  const locale = initial()
  document.documentElement.lang = locale
  return createI18n({ legacy: false, locale, fallbackLocale: 'en', messages: messages as never })
}

export function rememberLocale(locale: Locale): void {
  localStorage.setItem(STORED, locale)
  document.documentElement.lang = locale
}
