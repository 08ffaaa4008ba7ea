import type { ExpressionSpecification } from 'maplibre-gl'

/** Upper bounds that split the numbers into classes of about equal size on a root scale, so that a few large ones do not make the rest pale. */
export function classBounds(most: number, classes = 5): number[] {
  if (most <= 0) return []
  const bounds: number[] = []
  for (let i = 1; i < classes; i++) {
    const raw = most * (i / classes) ** 2
    const nice = roundUp(raw)
    if (nice > (bounds.at(-1) ?? 0) && nice < most) bounds.push(nice)
  }
  return bounds
}

/** The next number of one or two digits that people read easily: 1, 2, 3, 5, 10, 15, 20, 30, 50, 100 … */
export function roundUp(value: number): number {
  if (value <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [1, 1.5, 2, 3, 5, 10].find((each) => each * power >= value && Number.isInteger(each * power))
  return (step ?? 10) * power
}

/** Which class a number falls into: 0 for none, then 1 up to one more than there are bounds. */
export function classOf(value: number, bounds: readonly number[]): number {
  return value <= 0 ? 0 : 1 + bounds.filter((each) => value > each).length
}

/** Colours of a count per cell on a root scale, from the palest of `steps` at none to the last at `most`. */
export function countRamp(value: ExpressionSpecification, steps: readonly string[], most: number): ExpressionSpecification {
  const stops = steps.flatMap((colour, i) => [Math.max(1, most) * (i / (steps.length - 1)) ** 2, colour])
  return ['interpolate', ['linear'], value, ...stops] as unknown as ExpressionSpecification
}

/** "9,840", "12.4万" or "12.4k": short enough for a map. */
export function sayCount(count: number, locale: string): string {
  if (locale !== 'en' && count >= 100_000) return `${trim(count / 10_000)}万`
  if (locale === 'en' && count >= 10_000_000) return `${trim(count / 1_000_000)}M`
  if (locale === 'en' && count >= 100_000) return `${trim(count / 1000)}k`
  return count.toLocaleString('en-US')
}
function trim(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0).replace(/\.0$/, '')
}
