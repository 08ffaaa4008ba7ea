import { GRADES, type Flaw, type ReadRule } from '@/resources/useRules'

/** A rule document as text, from what the form holds; and back from a flaw to its line. */

const UNITS: [number, string][] = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'm'], [1000, 's'], [1, 'ms']]

/** 90000 → `90s`; 0 → empty. */
export function sayTime(millis: number): string {
  if (millis <= 0) return ''
  const [size, unit] = UNITS.find(([each]) => millis % each === 0)!
  return `${millis / size}${unit}`
}

/** `90s` → 90000; empty → 0; anything else → undefined. */
export function readTime(text: string): number | undefined {
  if (text.trim() === '') return 0
  const match = /^(\d{1,10})\s*(ms|s|m|h|d)$/.exec(text.trim())
  return match ? Number(match[1]) * UNITS.find(([, unit]) => unit === match[2])![0] : undefined
}

const PLAIN = /^[\p{L}_][\p{L}\p{N}_-]*$/u
const RESERVED = /^(true|false|null|yes|no|on|off|y|n)$/i
/** A text so that YAML reads it as this text. */
export function quote(text: string): string {
  return PLAIN.test(text) && !RESERVED.test(text) ? text : JSON.stringify(text)
}

function flow(members: [string, string | undefined][]): string {
  return `{${members.filter(([, value]) => value !== undefined && value !== '').map(([key, value]) => `${key}: ${value}`).join(', ')}}`
}

export function write(rule: ReadRule): string {
  const spoken = (name: string): [string, string | undefined] => {
    const of = rule.names[name]
    return ['name', of && flow([['zh', quote(of.zh)], ['en', quote(of.en)]])]
  }
  const lines = [`rule: ${quote(rule.id)}`, `name: ${flow([['zh', quote(rule.name.zh)], ['en', quote(rule.name.en)]])}`]
  lines.push(`watch: ${flow([['type', quote(rule.type)], ['group', rule.group && quote(rule.group)], ['area', rule.area && JSON.stringify(rule.area)], ['per', rule.per === 'GROUP' ? 'group' : undefined]])}`)
  lines.push('inputs:')
  for (const each of rule.inputs)
    lines.push(
      each.from === 'SUBJECT' && each.type === rule.type
        ? `  ${each.name}: ${each.property}`
        : `  ${each.name}: ${flow([['type', quote(each.type)], ['property', each.property], ['from', each.from === 'SUBJECT' ? undefined : each.from.toLowerCase()]])}`,
    )
  if (rule.windows.length > 0) lines.push('windows:')
  for (const each of rule.windows)
    lines.push(
      `  ${each.name}: ${flow([[each.measure.toLowerCase(), each.input], [each.measure === 'MISSING' ? 'for' : 'over', sayTime(each.over)], ['per', each.measure === 'RATE' ? sayTime(each.per) : undefined], spoken(each.name)])}`,
    )
  if (rule.learned.length > 0) lines.push('learned:')
  for (const each of rule.learned)
    lines.push(
      `  ${each.name}: ${flow([[each.method.toLowerCase(), each.method === 'RESIDUAL' ? `[${each.inputs.join(', ')}]` : each.inputs[0]], ['learn', each.learn > 0 ? String(each.learn) : undefined], ['every', sayTime(each.every)], spoken(each.name)])}`,
    )
  if (rule.sequences.length > 0) lines.push('sequences:')
  for (const each of rule.sequences) lines.push(`  ${each.name}: ${flow([['steps', `[${each.steps.map((step) => JSON.stringify(step)).join(', ')}]`], ['within', sayTime(each.within)], spoken(each.name)])}`)
  lines.push('grades:')
  for (const grade of GRADES) {
    const rung = rule.grades.find((each) => each.grade === grade)
    if (rung)
      lines.push(
        `  ${grade.toLowerCase()}: ${flow([['when', JSON.stringify(rung.when)], ['for', sayTime(rung.hold)], ['until', rung.until ? JSON.stringify(rung.until) : undefined], ['untilFor', sayTime(rung.untilHold)], ['quiet', sayTime(rung.quiet)]])}`,
      )
  }
  if (rule.reason) lines.push(`reason: ${flow([['zh', JSON.stringify(rule.reason.zh)], ['en', JSON.stringify(rule.reason.en)]])}`)
  return `${lines.join('\n')}\n`
}

/** Line of the document, from 1, that a flaw is about; the deepest part of its path that is found. */
export function lineOf(document: string, flaw: Flaw): number {
  const said = /^line (\d+)/.exec(flaw.where)
  if (said) return Number(said[1])
  const lines = document.split('\n')
  let at = 0
  let found = 1
  for (const key of flaw.where.replace(/\[\d+\]/g, '').split('.').filter(Boolean)) {
    const line = lines.findIndex((each, i) => i >= at && new RegExp(`(^|[\\s{,"])${key.replace(/[^\w-]/g, '\\$&')}"?\\s*:`).test(each))
    if (line < 0) break
    at = line
    found = line + 1
  }
  return found
}

/** `level > 2` as its three parts; undefined for anything longer. */
export function simple(condition: string): { name: string; compare: string; bound: number } | undefined {
  const match = /^\s*([a-z]\w*)\s*(>=|<=|>|<|==)\s*(-?\d+(?:\.\d+)?)\s*$/.exec(condition)
  return match ? { name: match[1]!, compare: match[2]!, bound: Number(match[3]) } : undefined
}

/** Lines of two texts side by side: what is equal, gone and new, in order. */
export function difference(before: string, after: string): { kind: 'same' | 'gone' | 'new'; text: string }[] {
  const a = before.replace(/\n$/, '').split('\n')
  const b = after.replace(/\n$/, '').split('\n')
  const longest = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) longest[i]![j] = a[i] === b[j] ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!)
  const result: { kind: 'same' | 'gone' | 'new'; text: string }[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      result.push({ kind: 'same', text: a[i]! })
      i++
      j++
    } else if (j >= b.length || (i < a.length && longest[i + 1]![j]! >= longest[i]![j + 1]!)) result.push({ kind: 'gone', text: a[i++]! })
    else result.push({ kind: 'new', text: b[j++]! })
  }
  return result
}
