// A picture of a page, kept for people to look at; for the documents too where PICTURES=1 asks for them.
import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { shot } from './city.mjs'
import { palettePng } from './png.mjs'

const images = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../docs/images')
export const PICTURES = process.env.PICTURES === '1'

/** `scale` makes the kept one smaller. */
export async function picture(page, name, { scale = 1 } = {}) {
  await shot(page, name)
  if (PICTURES) await keep(page, name, { scale })
}

/** Puts it beside the documents. */
export async function keep(page, name, { scale = 1 } = {}) {
  await mkdir(images, { recursive: true })
  const png = await page.screenshot({ type: 'png' })
  const small = await page.context().newPage()
  const { width, height, pixels } = await small.evaluate(async ([bytes, by]) => {
    const image = new Image()
    image.src = `data:image/png;base64,${bytes}`
    await image.decode()
    const canvas = new OffscreenCanvas(Math.round(image.width * by), Math.round(image.height * by))
    const draw = canvas.getContext('2d')
    draw.imageSmoothingQuality = 'high'
    draw.drawImage(image, 0, 0, canvas.width, canvas.height)
    const { data } = draw.getImageData(0, 0, canvas.width, canvas.height)
    let text = ''
    for (let i = 0; i < data.length; i += 32_768) text += String.fromCharCode(...data.subarray(i, i + 32_768))
    return { width: canvas.width, height: canvas.height, pixels: btoa(text) }
  }, [png.toString('base64'), scale])
  await small.close()
  const file = palettePng(width, height, Buffer.from(pixels, 'base64'))
  assert.ok(file.length <= 300 * 1024, `${name}.png has ${file.length} bytes`)
  await writeFile(path.join(images, `${name}.png`), file)
}
