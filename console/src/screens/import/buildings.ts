import { rowsOf, type Head, type Mapping, type Register } from './csv'

/** Buildings, as `/api/buildings:batch` names their fields; what is within them comes by the command. */
export const BUILDINGS: Register = {
  fields: ['ident', 'name', 'address', 'use', 'floors', 'height', 'built', 'lon', 'lat', 'crs'],
  needed: ['ident'],
  known: {
    ident: ['ident', '楼宇编号', '楼栋编号', '楼号', '编号', '编码', 'buildingid', 'code', 'id'], name: ['name', '楼宇名称', '楼栋名称', '楼名', '名称'], address: ['address', '地址', '坐落'],
    use: ['use', '用途', '使用性质', '建筑用途', '楼宇类型'], floors: ['floors', '层数', '楼层数', '地上层数'], height: ['height', '高度', '建筑高度'],
    built: ['built', '建成年份', '建成年代', '竣工年份', '年份'], lon: ['lon', 'lng', 'longitude', '经度', 'x'], lat: ['lat', 'latitude', '纬度', 'y'], crs: ['crs', '坐标系'],
  },
}

const USES: Readonly<Record<string, string>> = {
  住宅: 'RESIDENTIAL', 居住: 'RESIDENTIAL', 办公: 'OFFICE', 写字楼: 'OFFICE', 商铺: 'SHOP', 商业: 'SHOP', 商住: 'MIXED', 混合: 'MIXED', 公共: 'PUBLIC', 公共建筑: 'PUBLIC', 工业: 'INDUSTRIAL', 厂房: 'INDUSTRIAL', 其他: 'OTHER',
}
const WHOLE = ['floors', 'built']
const NUMBERS = ['height', 'lon', 'lat', ...WHOLE]

/** A row that is not sent, and why. */
export interface BadRow {
  number: number
  field: string
  value: string
  why: 'noNumber' | 'noWhole' | 'twice' | 'noIdent'
}

/** The rows of a file as lines of the server's NDJSON. `numbers[n]`: which row of the file line n is. */
export interface BuildingRows {
  lines: Blob
  numbers: number[]
  bad: BadRow[]
}

/** A column of the file that is empty in a row says that there is nothing; a field without a column stays as it was. */
export async function buildingRows(file: Blob, head: Head, mapping: Mapping, crs: string, onRead: (share: number) => void = () => {}): Promise<BuildingRows> {
  const fields = BUILDINGS.fields.filter((each) => mapping[each] !== undefined)
  const [parts, numbers, bad, seen]: [Blob[], number[], BadRow[], Set<string>] = [[], [], [], new Set()]
  for await (const rows of rowsOf(file, head, onRead)) {
    const lines: string[] = []
    for (const { number, cells } of rows) {
      const building: Record<string, unknown> = { crs }
      let fault: BadRow | undefined
      for (const field of fields) {
        const text = (cells[mapping[field]!] ?? '').trim()
        if (field === 'crs') building.crs = text || crs
        else if (text === '') building[field] = null
        else if (NUMBERS.includes(field)) {
          const value = Number(text)
          if (!Number.isFinite(value) || (WHOLE.includes(field) && !Number.isInteger(value))) fault ??= { number, field, value: text, why: WHOLE.includes(field) ? 'noWhole' : 'noNumber' }
          building[field] = value
        } else building[field] = field === 'use' ? (USES[text] ?? text) : text
      }
      const ident = building.ident
      if (typeof ident !== 'string') fault ??= { number, field: 'ident', value: '', why: 'noIdent' }
      else if (seen.has(ident)) fault ??= { number, field: 'ident', value: ident, why: 'twice' }
      if (fault) {
        bad.push(fault)
        continue
      }
      seen.add(ident as string)
      numbers.push(number)
      lines.push(`${JSON.stringify(building)}\n`)
    }
    parts.push(new Blob(lines))
  }
  return { lines: new Blob(parts, { type: 'application/x-ndjson' }), numbers, bad }
}
