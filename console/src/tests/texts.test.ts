import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { baseParse } from '@vue/compiler-dom'
import { parse } from '@vue/compiler-sfc'
import { describe, expect, it, vi } from 'vitest'
import { PROBLEM_TITLES } from '@/i18n/problems'
import { ACTIONS, QUEUES, STAGES } from '@/api/types/cases'
import { ROLES } from '@/api/types/people'

vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined })
const { messages } = await import('@/i18n')

function keys(of: object, prefix = ''): string[] {
  return Object.entries(of).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? keys(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  )
}

function files(folder: string, end: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((each) => each.isFile() && end.test(each.name))
    .map((each) => join(each.parentPath, each.name))
}

const SPOKEN_ATTRIBUTES = new Set(['title', 'placeholder', 'alt', 'label', 'aria-label', 'description', 'hint', 'content'])
const WORD = /[A-Za-z]{2,}|[\u3400-\u9fff]/
/** Names that are the same in every language, and the two names of the languages themselves. */
const ALLOWED = [/^(EN|English|中|中文)$/, /^[a-z-]+$/]

interface Node { type: number; tag?: string; content?: unknown; children?: Node[]; props?: { type: number; name: string; value?: { content: string } }[]; loc: { start: { line: number } } }

function literals(node: Node, found: string[], where: string): void {
  // Names of keys are the same everywhere.
  if (node.tag === 'kbd') return
  if (node.type === 2 && typeof node.content === 'string' && WORD.test(node.content)) found.push(`${where}: ${node.content.trim()}`)
  for (const prop of node.props ?? [])
    if (prop.type === 6 && SPOKEN_ATTRIBUTES.has(prop.name) && prop.value && WORD.test(prop.value.content) && !ALLOWED.some((each) => each.test(prop.value!.content)))
      found.push(`${where}: ${prop.name}="${prop.value.content}"`)
  for (const child of node.children ?? []) literals(child, found, where)
}

/** Every `t('a.b')` with a literal key, anywhere in the sources. */
function usedKeys(): { key: string; where: string }[] {
  return files('src', /\.(vue|ts)$/)
    .filter((path) => !path.includes('/tests/'))
    .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/\bt\('([a-zA-Z][\w.]*)'/g)].map((match) => ({ key: match[1]!, where: path })))
}

describe('texts', () => {
  it('have the same keys in Chinese and English', () => {
    expect(keys(messages.en).sort()).toEqual(keys(messages['zh-CN']).sort())
  })

  it('have Chinese in zh-CN and no Chinese in en', () => {
    const english = JSON.stringify(messages.en)
    expect(english).not.toMatch(/[\u3400-\u9fff]/)
    expect(JSON.stringify(messages['zh-CN'])).toMatch(/[\u3400-\u9fff]/)
  })

  it('name every stage, action, role and queue', () => {
    for (const locale of ['zh-CN', 'en'] as const) {
      const all = new Set(keys(messages[locale]))
      for (const each of STAGES) expect(all, locale).toContain(`stage.${each}`)
      for (const each of ACTIONS) expect(all, locale).toContain(`action.${each}`)
      for (const each of ROLES) expect(all, locale).toContain(`role.${each}`)
      for (const each of QUEUES) expect(all, locale).toContain(`queue.${each}`)
    }
  })

  it('exist for every key that a screen asks for', () => {
    const all = new Set(keys(messages['zh-CN']))
    expect(usedKeys().filter((each) => !all.has(each.key))).toEqual([])
  })

  it('are nowhere written into a template', () => {
    const found: string[] = []
    for (const path of files('src', /\.vue$/)) {
      const template = parse(readFileSync(path, 'utf8')).descriptor.template
      if (template) literals(baseParse(template.content, { comments: false }) as unknown as Node, found, path)
    }
    expect(found).toEqual([])
  })

  it('name every problem that the server knows, and no other', () => {
    const sources = files('../server/src/main/java', /Problem\.java$/).map((path) => readFileSync(path, 'utf8'))
    const codes = sources.flatMap((text) => [...text.matchAll(/\(\s*"([a-z]+\.[a-z-]+)",\s*\d{3},/g)].map((match) => match[1]!))
    expect(codes.length).toBeGreaterThan(50)
    expect(Object.keys(PROBLEM_TITLES).sort()).toEqual([...new Set(codes)].sort())
  })
})
