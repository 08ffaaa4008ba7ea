import { describe, expect, it } from 'vitest'
import { CsvRows, asRows, batches, delimiterOf, guess, readHead, rejectFile } from '@/screens/import/csv'
import { BUILDINGS, buildingRows } from '@/screens/import/buildings'
import { isGeoPackage, packageAsTable } from '@/screens/import/geopackage'
import { asTable, buildingLines, headOf, isGeoJson, readFeatures, tableAsRows } from '@/screens/import/geojson'
import { floorOf, floorsOf } from '@/screens/building/floors'

describe('a register as CSV', () => {
  it('is read whatever the pieces', () => {
    const text = 'a,"b ""c"", d",e\r\n"x\ny",,z\n'
    const expected = [['a', 'b "c", d', 'e'], ['x\ny', '', 'z']]
    for (let cut = 0; cut <= text.length; cut++) {
      const rows = new CsvRows(',')
      expect([...rows.take(text.slice(0, cut)), ...rows.take(text.slice(cut)), ...rows.end()], `cut at ${cut}`).toEqual(expected)
    }
  })
  it('is recognised by its heads, in Chinese and English', () => {
    expect(guess(['序号', '标识码', '经度', '纬度', '状态'])).toEqual({ ident: 1, lon: 2, lat: 3, state: 4 })
    expect(guess(['ident', 'kindId', 'lon', 'lat', 'owner_code'])).toEqual({ ident: 0, kindId: 1, lon: 2, lat: 3, ownerCode: 4 })
    expect(delimiterOf('a;b;c,d')).toBe(';')
    expect(delimiterOf('a\tb')).toBe('\t')
  })
  it('goes to the server with the fields it has, numbered, and in UTF-8', async () => {
    // 标识码,经度,纬度,备注 in GB18030
    const gb = new Uint8Array([0xb1, 0xea, 0xca, 0xb6, 0xc2, 0xeb, 0x2c, 0xbe, 0xad, 0xb6, 0xc8, 0x2c, 0xce, 0xb3, 0xb6, 0xc8, 0x2c, 0xb1, 0xb8, 0xd7, 0xa2, 0x0a])
    const file = new Blob([gb, '99010201037001343,118.9,32.5,"a,b"\n\n99010201037001344,118.8,32.4,\n'])
    const head = await readHead(file)
    expect(head.encoding).toBe('gb18030')
    expect(head.heads).toEqual(['标识码', '经度', '纬度', '备注'])
    const rows = await asRows(file, head, guess(head.heads), 'GCJ02')
    expect(await rows.text()).toBe('row,ident,lon,lat,crs\n1,99010201037001343,118.9,32.5,GCJ02\n2,99010201037001344,118.8,32.4,GCJ02\n')
  })
  it('gives its bad rows as a file without formulas', async () => {
    const text = await rejectFile([{ row: 3, field: 'lon', value: '=1+1', reason: 'lon must be a number' }, { row: 4, field: 'lon', value: '-3.5', reason: 'x' }], ['行', '字段', '内容', '原因']).text()
    expect(text).toContain("3,lon,'=1+1,lon must be a number\n")
    expect(text).toContain('4,lon,-3.5,x\n')
  })
})

describe('a register as GeoJSON', () => {
  const point = (ident: string, lon: unknown, lat: unknown) => ({ type: 'Feature', properties: { ident, 状态: '完好' }, geometry: { type: 'Point', coordinates: [lon, lat] } })
  const features = [point('99010201037001343', 118.9, 32.5), { type: 'Feature', properties: {}, geometry: null }, point('99010201037001344', 'x', 32.4),
    { type: 'Feature', properties: { ident: '1' }, geometry: { type: 'LineString', coordinates: [] } }, { type: 'Point' }, point('99010201037001345', 118.7, 32.3)]
  it('goes to the server with the number of each feature; broken geometries are named and stay here', async () => {
    const read = await readFeatures(new File([JSON.stringify({ type: 'FeatureCollection', features })], 'a.geojson'))
    const table = asTable(read)
    expect(table.broken.map((each) => [each.number, each.why])).toEqual([[2, 'noGeometry'], [3, 'badPoint'], [4, 'noPoint'], [5, 'noFeature']])
    const mapping = guess(headOf(table).heads)
    expect(await tableAsRows(table, mapping, 'GCJ02').text()).toBe('row,ident,lon,lat,state,crs\n1,99010201037001343,118.9,32.5,完好,GCJ02\n6,99010201037001345,118.7,32.3,完好,GCJ02\n')
  })
  it('may hold a feature a line, whatever its name', async () => {
    const lines = `${features.map((each) => JSON.stringify(each)).join('\n')}\nno json\n`
    for (const name of ['a.geojsonl', 'a.json']) expect(asTable(await readFeatures(new File([lines], name))).broken.map((each) => each.number)).toEqual([2, 3, 4, 5, 7])
    await expect(readFeatures(new File(['{"a":1}'], 'a.geojson'))).rejects.toThrow(SyntaxError)
    expect([isGeoJson('a.GeoJSON'), isGeoJson('a.ndjson'), isGeoJson('a.csv')]).toEqual([true, false, false])
  })
  it('may come out of a GeoPackage that the server read', async () => {
    const table = packageAsTable({ columns: ['fid', '标识码', 'lon'], rows: [[1, '1', '99010201037001343', '0', 118.9, 32.5], [3, '3', null, '0', 118.8, 32.4]], broken: [{ row: 2, why: 'BROKEN', value: 'it does not begin with GP' }] })
    expect(table.heads).toEqual(['fid', '标识码', 'lon', 'lat'])
    expect(await tableAsRows(table, guess(table.heads), 'WGS84').text()).toBe('row,ident,lon,lat,crs\n1,99010201037001343,118.9,32.5,WGS84\n3,,118.8,32.4,WGS84\n')
    expect(table.broken).toEqual([{ number: 2, why: 'badGeometry', value: 'it does not begin with GP' }])
    expect([isGeoPackage('a.GPKG'), isGeoPackage('a.csv')]).toEqual([true, false])
  })
  it('brings buildings out of a table, with the row of each, and keeps bad rows here', async () => {
    const file = new File(['楼号,楼名,用途,层数,经度,纬度\nB-0001,一号楼,住宅,6,118.9,32.5\nB-0002,二号楼,车库,六,118.9,32.5\n,,,,,\nB-0001,又一号楼,,,118.9,32.5\nB-0003,三号楼,,,118.9,32.5\n'], 'a.csv')
    const head = await readHead(file)
    const made = await buildingRows(file, head, guess(head.heads, BUILDINGS), 'GCJ02')
    expect((await made.lines.text()).trim().split('\n').map((each) => JSON.parse(each))).toEqual([
      { crs: 'GCJ02', ident: 'B-0001', name: '一号楼', use: 'RESIDENTIAL', floors: 6, lon: 118.9, lat: 32.5 },
      { crs: 'GCJ02', ident: 'B-0003', name: '三号楼', use: null, floors: null, lon: 118.9, lat: 32.5 },
    ])
    expect(made.numbers).toEqual([1, 5])
    expect(made.bad.map((each) => [each.number, each.field, each.why])).toEqual([[2, 'floors', 'noWhole'], [3, 'ident', 'noIdent'], [4, 'ident', 'twice']])
  })
  it('brings buildings with their outlines', async () => {
    const outline = { type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] }
    const lines = await buildingLines([{ type: 'Feature', properties: { ident: 'B-1', floors: 6 }, geometry: outline }, { type: 'Feature', properties: { ident: 'B-2' }, geometry: { type: 'Point', coordinates: [1, 2] } }, undefined]).text()
    expect(lines.trim().split('\n').map((each) => JSON.parse(each))).toEqual([{ ident: 'B-1', floors: 6, outline }, { ident: 'B-2', lon: 1, lat: 2 }, null])
  })
})

it('a file of buildings goes line by line in batches that know their lines', async () => {
  const seen: [string[], number[]][] = []
  for await (const each of batches(new Blob(['{"a":1}\n\n{"b":2}\n{"c":3}']), 2)) seen.push([each.lines, each.numbers])
  expect(seen).toEqual([[['{"a":1}', '{"b":2}'], [1, 3]], [['{"c":3}'], [4]]])
})

describe('the floors of a building', () => {
  it('are in the numbers of its rooms where nobody says them', () => {
    expect([floorOf('1203'), floorOf('2-1203'), floorOf('101'), floorOf('B1-02'), floorOf('门卫')]).toEqual([12, 12, 1, -1, undefined])
  })
  it('stand from the highest down, rooms in the order of their numbers', () => {
    const floors = floorsOf([{ number: '201', floor: 2, occupancy: 'OWNER' }, { number: '102', floor: 1, occupancy: 'VACANT' }, { number: '101', floor: null, occupancy: 'OWNER' }, { number: '门卫', floor: null, occupancy: 'UNKNOWN' }],
      [{ id: 1, room: '101', occupancy: 'OWNER', members: 2, care: [], head: null, phone: null }], [{ name: 'x', uscc: null, trade: null, room: '301' }])
    expect(floors.map((each) => [each.floor, each.rooms.map((room) => room.number)])).toEqual([[3, ['301']], [2, ['201']], [1, ['101', '102']], [undefined, ['门卫']]])
    expect(floors[2]!.rooms[0]!.households).toHaveLength(1)
  })
})
