/** What a register holds: its fields, and the heads that files use for them, in lower case without blanks. */
export interface Register {
  fields: readonly string[]
  needed: readonly string[]
  known: Readonly<Record<string, readonly string[]>>
}

/** Column of the file for each field that it has. */
export type Mapping = Partial<Record<string, number>>

/** Components, as `/api/components:import` names their fields. */
export const COMPONENTS: Register = {
  fields: ['ident', 'kindId', 'name', 'lon', 'lat', 'crs', 'ownerCode', 'state', 'accuracy', 'source', 'recordedOn', 'changedOn'],
  needed: ['ident', 'lon', 'lat'],
  known: {
    ident: ['ident', '标识码', '部件标识码', '部件编码', '编码', 'objcode', 'code', 'id'], kindId: ['kindid', '类别代码', '类别', 'kind'], name: ['name', '名称', '部件名称', 'objname'],
    lon: ['lon', 'lng', 'longitude', '经度', 'x'], lat: ['lat', 'latitude', '纬度', 'y'], crs: ['crs', '坐标系'], ownerCode: ['ownercode', '权属单位代码', '主管部门代码', 'deptcode1'],
    state: ['state', '状态', '部件状态', 'objstate'], accuracy: ['accuracy', '精度', '定位精度'], source: ['source', '数据来源', '来源', 'datasource'],
    recordedOn: ['recordedon', '初始日期', '普查日期', 'ordate'], changedOn: ['changedon', '变更日期', 'chdate'],
  },
}

/** What each column is, by its head; the first of two that say the same. */
export function guess(heads: readonly string[], of: Register = COMPONENTS): Mapping {
  const plain = heads.map((each) => each.toLowerCase().replace(/[\s_]/g, ''))
  const result: Mapping = {}
  for (const field of of.fields) {
    const at = (of.known[field] ?? []).map((known) => plain.indexOf(known)).find((index) => index >= 0)
    if (at !== undefined) result[field] = at
  }
  return result
}

export type Delimiter = ',' | ';' | '\t'
/** The mark that a head line has most of. */
export function delimiterOf(line: string): Delimiter {
  return ([',', ';', '\t'] as const).reduce((best, each) => (line.split(each).length > line.split(best).length ? each : best), ',')
}

/** Rows of RFC 4180 out of pieces of text; `take` may be called with any piece, `end` answers the row left over. */
export class CsvRows {
  private row: string[] = []
  private field = ''
  private quoted = false
  /** A quote inside quotes: it closes them unless another follows. */
  private closing = false
  constructor(private readonly delimiter: Delimiter) {}

  take(text: string): string[][] {
    const rows: string[][] = []
    for (const char of text) {
      if (this.quoted && !this.closing) {
        if (char === '"') this.closing = true
        else this.field += char
      } else if (char === '"') {
        if (this.closing) this.field += '"'
        this.closing = false
        this.quoted = true
      } else {
        this.closing = this.quoted = false
        if (char === this.delimiter) this.cut()
        else if (char === '\n') rows.push(...this.end())
        else if (char !== '\r') this.field += char
      }
    }
    return rows
  }
  end(): string[][] {
    if (this.field === '' && this.row.length === 0) return []
    this.cut()
    const row = this.row
    this.row = []
    this.quoted = this.closing = false
    return [row]
  }
  private cut(): void {
    this.row.push(this.field)
    this.field = ''
  }
}

const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
export const line = (cells: readonly string[]) => `${cells.map(cell).join(',')}\n`

/** UTF-8 where the bytes are valid in it, else GB18030, which most older registers come in. */
export async function encodingOf(file: Blob): Promise<'utf-8' | 'gb18030'> {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(await file.slice(0, 1 << 20).arrayBuffer(), { stream: true })
    return 'utf-8'
  } catch {
    return 'gb18030'
  }
}

export interface Head {
  encoding: 'utf-8' | 'gb18030'
  delimiter: Delimiter
  heads: string[]
  /** The first rows, to look at. */
  sample: string[][]
}

/** The beginning of a file: what it is written in, its columns, some rows. */
export async function readHead(file: Blob, rows = 5): Promise<Head> {
  const encoding = await encodingOf(file)
  const text = new TextDecoder(encoding).decode(await file.slice(0, 1 << 16).arrayBuffer(), { stream: true }).replace(/^\uFEFF/, '')
  const delimiter = delimiterOf(text.slice(0, text.search(/\r?\n|$/)))
  const parser = new CsvRows(delimiter)
  const all = parser.take(text)
  if (file.size <= 1 << 16) all.push(...parser.end())
  return { encoding, delimiter, heads: (all[0] ?? []).map((each) => each.trim()), sample: all.slice(1, rows + 1) }
}

/** The rows of a file, piece by piece, so that a large one stays out of memory; each with its number, from 1 after the head. */
export async function* rowsOf(file: Blob, head: Head, onRead: (share: number) => void = () => {}): AsyncGenerator<{ number: number; cells: string[] }[]> {
  const parser = new CsvRows(head.delimiter)
  const decoder = new TextDecoder(head.encoding)
  let [number, read] = [-1, 0]
  const numbered = (rows: string[][]) => rows.filter((row) => row.length > 1 || row[0] !== '').map((cells) => ({ number: ++number, cells })).filter((each) => each.number > 0)
  const reader = file.stream().getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    read += next.value.byteLength
    yield numbered(parser.take(decoder.decode(next.value, { stream: true })))
    onRead(read / file.size)
  }
  yield numbered([...parser.take(decoder.decode()), ...parser.end()])
}

/**
 * Components as the server reads them: UTF-8, commas, the fields' names, only the columns that are one, and the number of each
 * row in the file. `crs` is added where no column says it.
 */
export async function asRows(file: Blob, head: Head, mapping: Mapping, crs: string, onRead: (share: number) => void = () => {}): Promise<Blob> {
  const fields = COMPONENTS.fields.filter((each) => mapping[each] !== undefined)
  const constant = mapping.crs === undefined
  const parts: Blob[] = [new Blob([line(['row', ...fields, ...(constant ? ['crs'] : [])])])]
  for await (const rows of rowsOf(file, head, onRead))
    parts.push(new Blob(rows.map(({ number, cells }) => line([String(number), ...fields.map((each) => (cells[mapping[each]!] ?? '').trim()), ...(constant ? [crs] : [])]))))
  return new Blob(parts, { type: 'text/csv' })
}

export interface Reject {
  row: number
  field: string | null
  value: string | null
  reason: string
}
/** Bad rows as a file for a spreadsheet; what it would take for a formula begins with an apostrophe. */
export function rejectFile(rejects: readonly Reject[], heads: [string, string, string, string]): Blob {
  const safe = (text: string) => (/^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text)
  return new Blob(['\uFEFF', line(heads), ...rejects.map((each) => line([String(each.row), each.field ?? '', safe(each.value ?? ''), safe(each.reason)]))], { type: 'text/csv;charset=utf-8' })
}

/** The lines of a file of NDJSON in batches, each with the number of its first line from 1. */
export async function* batches(file: Blob, size: number): AsyncGenerator<{ lines: string[]; numbers: number[]; share: number }> {
  const reader = file.stream().pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>).getReader()
  let [rest, read, number] = ['', 0, 0]
  let [lines, numbers] = [[] as string[], [] as number[]]
  for (;;) {
    const next = await reader.read()
    const pieces = (rest + (next.value ?? '')).split('\n')
    rest = next.done ? '' : pieces.pop()!
    for (const each of pieces) {
      number += 1
      read += each.length + 1
      if (each.trim() === '') continue
      lines.push(each)
      numbers.push(number)
      if (lines.length === size) {
        yield { lines, numbers, share: Math.min(1, read / file.size) }
        lines = []
        numbers = []
      }
    }
    if (next.done) break
  }
  if (lines.length > 0) yield { lines, numbers, share: 1 }
}
