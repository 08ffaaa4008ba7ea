import { ref } from 'vue'

export type Theme = 'light' | 'dark'
const STORED = 'citywide.theme'

function initial(): Theme {
  const stored = localStorage.getItem(STORED)
  if (stored === 'light' || stored === 'dark') return stored
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

export const theme = ref<Theme>('light')

export function applyTheme(given: Theme = initial()): void {
  theme.value = given
  document.documentElement.classList.toggle('dark', given === 'dark')
}

export function switchTheme(): void {
  applyTheme(theme.value === 'dark' ? 'light' : 'dark')
  localStorage.setItem(STORED, theme.value)
}

/** The value of a design token as it is now, e.g. `token('--danger')`; for the map and charts, which need literals. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}
