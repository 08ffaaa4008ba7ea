// A GeoPackage with three lamps in EPSG:4490, of which the second is a line: SQLite, which Node cannot write by itself. The points stand
// for one that is put in their place.
import { gunzipSync } from 'node:zlib'

const PACKED = [
  'H4sIAAAAAAACAwsO9MksSVVIyy/KTSxRMGZgYmBkZHBQUGBgYGCDYhhggWIYYIQx3AO83RmwAzYGvWRGVhCLCcofBYMK8IIikvEdAxCNgmEPBBiZxWVzEnMLitNSE0tKi1KLucDx/50B',
  'iEbByAEczOKc4HQAyf/vGYBoFAx/wM/IIi7KBI759NT8XMEuUPwzM1ozMB5lLANSo4B4YMnMyuCmL+kewMDYJQjKRTCJE9EOYHqDg4OlpYGhgREQG5tbmhkYGBi/2L7+eeN6XyZWhjwk',
  'rUzwBhKq9k+XfJME8BhnBDHOkpF0lxhCtPIy/gA26rwZGH0Y9zLsATLIB/ks7OLi4oyNtiWJSTmp4DQGJlidg1wdQ1wVQhydfFwVwEIKGmmZKQqefiGu7q5BCgFBnr6OQZEK3q6ROgqg',
  'ZKng5OPvpKOg9GxB+4v1bc8XNCophLhGhABFnk7ofb58A4Sr2cjLzC5ubs7YaAm2Mb0gOz0epD21pKgyPjk/pzQ3rxirIAuKi7AqUdAAmxmfl5ibCrUcIoMsUlxUHI/wh2Y+I7u4ujpj',
  'oyzCOcn5eSWpeSXFKBwmTOthUhjWogZOSmJJYnxJZQFETtOSiU3cV52RITMvJbWiuDAH2JKPTywtyQfz41EMjjdE4TKD6gBQpAEAiJEKHAAMAAA=',
].join('')
const STAND_IN = [111.125, 33.375]
const bytesOf = (spot) => {
  const bytes = Buffer.alloc(16)
  bytes.writeDoubleLE(spot[0], 0)
  bytes.writeDoubleLE(spot[1], 8)
  return bytes
}

/** Their identification codes end in 960001 to 960003; columns are fid, 标识码 and 名称. */
export function geoPackage(spot) {
  const file = gunzipSync(Buffer.from(PACKED, 'base64'))
  for (let at = file.indexOf(bytesOf(STAND_IN)); at >= 0; at = file.indexOf(bytesOf(STAND_IN))) bytesOf(spot).copy(file, at)
  return file
}
