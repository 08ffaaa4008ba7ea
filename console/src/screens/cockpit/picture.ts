import type { Map as MapLibreMap } from 'maplibre-gl'
import { sayMetres, scaleBar } from '@/map/geometry'
import type { Token } from '@/map/style'

/** One row of the printed legend: a colour and what it stands for. */
export interface LegendRow {
  colour: string
  says: string
  round: boolean
}
export interface Sheet {
  title: string
  /** Second line: the area and the moment. */
  subtitle: string
  source: string
  legendTitle: string
  legend: LegendRow[]
}

/** The map's pixels as they are now. The drawing buffer is only readable within the frame that drew it. */
function pixels(map: MapLibreMap): Promise<ImageBitmap> {
  return new Promise((resolve, reject) => {
    map.once('render', () => {
      createImageBitmap(map.getCanvas()).then(resolve, reject)
    })
    map.triggerRepaint()
  })
}

/** The map with title, legend, scale, north, time and source as one picture. */
export async function pictureOf(map: MapLibreMap, sheet: Sheet, token: Token): Promise<Blob> {
  const image = await pixels(map)
  const ratio = image.width / map.getCanvas().clientWidth
  const [head, foot] = [58, 30].map((each) => each * ratio) as [number, number]
  const canvas = document.createElement('canvas')
  canvas.width = image.width
  canvas.height = image.height + head + foot
  const draw = canvas.getContext('2d')!
  const px = (n: number) => n * ratio
  const font = (size: number, weight = 400) => (draw.font = `${weight} ${px(size)}px ${token('--font')}`)

  draw.fillStyle = token('--surface')
  draw.fillRect(0, 0, canvas.width, canvas.height)
  draw.drawImage(image, 0, head)
  draw.textBaseline = 'middle'
  draw.fillStyle = token('--text')
  font(19, 600)
  draw.fillText(sheet.title, px(16), px(22), canvas.width - px(32))
  font(12)
  draw.fillStyle = token('--text-2')
  draw.fillText(sheet.subtitle, px(16), px(44), canvas.width - px(32))

  // Scale at the left of the foot, source at its right.
  const { metres, pixels: width } = scaleBar(map.getCenter().lat, map.getZoom(), 120)
  const line = head + image.height + foot / 2
  draw.strokeStyle = token('--text-2')
  draw.lineWidth = px(1.5)
  draw.beginPath()
  draw.moveTo(px(16), line - px(5))
  draw.lineTo(px(16), line)
  draw.lineTo(px(16) + px(width), line)
  draw.lineTo(px(16) + px(width), line - px(5))
  draw.stroke()
  draw.fillText(sayMetres(metres), px(24) + px(width), line)
  draw.textAlign = 'right'
  draw.fillText(sheet.source, canvas.width - px(16), line)
  draw.textAlign = 'left'

  if (sheet.legend.length > 0) {
    font(12)
    const inner = Math.max(...sheet.legend.map((each) => draw.measureText(each.says).width), draw.measureText(sheet.legendTitle).width - px(18))
    // In as many columns as its rows need beside the map's height.
    const rows = Math.min(sheet.legend.length, Math.max(4, Math.floor((image.height / ratio - 110) / 19)))
    const [w, h] = [Math.ceil(sheet.legend.length / rows) * (inner + px(46)), px(34) + rows * px(19)]
    const [x, y] = [px(16), head + image.height - h - px(16)]
    draw.fillStyle = token('--surface')
    draw.beginPath()
    draw.roundRect(x, y, w, h, px(6))
    draw.fill()
    draw.strokeStyle = token('--line')
    draw.lineWidth = px(1)
    draw.stroke()
    draw.fillStyle = token('--text')
    font(12, 600)
    draw.fillText(sheet.legendTitle, x + px(12), y + px(16))
    font(12)
    sheet.legend.forEach((each, i) => {
      const middle = y + px(36) + (i % rows) * px(19)
      const left = x + Math.floor(i / rows) * (inner + px(46))
      draw.fillStyle = each.colour
      draw.beginPath()
      if (each.round) draw.arc(left + px(18), middle, px(5), 0, 2 * Math.PI)
      else draw.roundRect(left + px(12), middle - px(5), px(14), px(10), px(2))
      draw.fill()
      draw.fillStyle = token('--text-2')
      draw.fillText(each.says, left + px(34), middle)
    })
  }

  // North, turned with the map.
  draw.save()
  draw.translate(canvas.width - px(34), head + px(36))
  draw.rotate((-map.getBearing() * Math.PI) / 180)
  draw.fillStyle = token('--text')
  draw.beginPath()
  draw.moveTo(0, -px(16))
  draw.lineTo(px(7), px(8))
  draw.lineTo(0, px(3))
  draw.lineTo(-px(7), px(8))
  draw.fill()
  draw.textAlign = 'center'
  font(11, 600)
  draw.fillText('N', 0, px(18))
  draw.restore()
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'))
}
