// A picture of a screen as a PNG of at most 256 colours: small enough to keep beside the documents, without a further tool.
import { crc32, deflateSync } from 'node:zlib'

const bucketOf = (data, i) => ((data[i] >> 3) << 10) | ((data[i + 1] >> 3) << 5) | (data[i + 2] >> 3)

/** Every pixel as the index of one of the commonest colours; a rarer one takes the nearest. */
function paletteOf(data) {
  const sums = new Map()
  for (let i = 0; i < data.length; i += 4) {
    const bucket = bucketOf(data, i)
    const sum = sums.get(bucket) ?? [0, 0, 0, 0]
    sum[0] += data[i]
    sum[1] += data[i + 1]
    sum[2] += data[i + 2]
    sum[3] += 1
    sums.set(bucket, sum)
  }
  const mean = ([r, g, b, n]) => [r / n, g / n, b / n].map(Math.round)
  const palette = [...sums.values()].sort((a, b) => b[3] - a[3]).slice(0, 256).map(mean)
  const nearest = new Map()
  for (const [bucket, sum] of sums) {
    const colour = mean(sum)
    const distance = (other) => other.reduce((all, each, i) => all + (each - colour[i]) ** 2, 0)
    nearest.set(bucket, palette.reduce((best, other, i) => (distance(other) < distance(palette[best]) ? i : best), 0))
  }
  return { palette, nearest }
}

function chunk(type, body) {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}

/** @param data red, green, blue and alpha of each pixel, row by row */
export function palettePng(width, height, data) {
  const { palette, nearest } = paletteOf(data)
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = nearest.get(bucketOf(data, (y * width + x) * 4))
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8) // 8 bits, palette
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head), chunk('PLTE', Buffer.from(palette.flat())), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0)),
  ])
}
