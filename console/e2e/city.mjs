// The demo city of the browser tests: the real command, a fresh data folder, a real Chromium. `npm run e2e` starts one for all
// files (run.mjs); a file that is run by itself starts its own.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const shots = path.join(root, 'console/e2e/shots')
/**
 * Pixels of the screen to a pixel of the page. Without a graphics card the browser spends most of its time on drawing them, and
 * what a test asks does not depend on them; pictures that people will look at have all of them: SHARP=1, or PICTURES=1.
 */
const PIXELS = process.env.SHARP === '1' || process.env.PICTURES === '1' ? 1 : 0.5
export const PASSWORD = 'Citywide-Demo-1'
const START = 600_000 // a loaded machine builds, unpacks, initialises and loads 50,000 components

/** A browser in front of the city that `CITYWIDE_DEMO` names, else of one of its own. */
export async function startCity() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  })
  if (process.env.CITYWIDE_DEMO) return { base: process.env.CITYWIDE_DEMO, browser, close: () => browser.close() }
  const server = await startServer().catch(async (fault) => {
    await browser.close()
    throw fault
  })
  return { base: server.base, browser, close: () => browser.close().then(server.close) }
}

/** Starts the city in a fresh data folder and waits until it is loaded. `quiet`: nothing happens in it by itself. */
export async function startServer({ quiet = true } = {}) {
  const data = await mkdtemp(path.join(tmpdir(), 'citywide-e2e-'))
  const server = spawn(path.join(root, 'citywide'), ['demo', ...(quiet ? ['--quiet-city'] : []), '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // The browser draws on the same processors: the server does without the compiler that pays off in hours.
    env: { ...process.env, CITYWIDE_JAVA_OPTIONS: process.env.CITYWIDE_JAVA_OPTIONS ?? '-Xmx512m -XX:TieredStopAtLevel=1' },
  })
  let said = ''
  const loaded = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the city was not there after ${START / 1000} s:\n${said}`)), START)
    const hear = (chunk) => {
      said += chunk
      if (said.includes('/report without signing in')) {
        clearTimeout(timer)
        resolve()
      }
    }
    server.stdout.on('data', hear)
    server.stderr.on('data', hear)
    server.on('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`the city ended with ${code}:\n${said}`))
    })
  })
  loaded.catch(() => {})
  const close = async () => {
    if (server.exitCode === null) {
      const gone = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGTERM')
      await gone
    }
    await rm(data, { recursive: true, force: true })
  }
  try {
    await loaded
  } catch (e) {
    await close()
    throw e
  }
  return { base: said.match(/answers at (http:\/\/\S+)/)[1], close }
}

/** A page of its own session, or of one that was kept; console errors and failed requests of the page are collected in `page.faults`. */
export async function openPage(city, url, { width = 1366, height = 768, pixels = PIXELS, storageState } = {}) {
  const context = await city.browser.newContext({
    viewport: { width, height }, deviceScaleFactor: pixels, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', storageState,
  })
  context.setDefaultTimeout(45_000)
  const page = await context.newPage()
  page.faults = []
  // What the content security policy refused: nothing of the console's own, on any screen.
  page.violations = []
  await page.exposeBinding('__violated', (_, what) => { page.violations.push(what); page.faults.push(`the policy refused ${what}`) })
  await page.addInitScript(() => document.addEventListener('securitypolicyviolation',
    (e) => window.__violated(`${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile ?? ''}:${e.lineNumber}`)))
  page.on('pageerror', (e) => page.faults.push(String(e)))
  page.on('response', (r) => { if (r.status() >= 500) page.faults.push(`${r.status()} ${r.url()}`) })
  await page.goto(city.base + url)
  return page
}

/** Signs in through the form. `there` tells the first page of one who has no desk. */
export async function signIn(city, login, url = '/desk', size, there) {
  const page = await openPage(city, '/login', size)
  await page.getByTestId('login-name').fill(login)
  await page.getByTestId('login-password').fill(PASSWORD)
  await page.getByTestId('login-submit').click()
  await (there ? page.waitForURL(there) : page.getByTestId('nav-desk').first().waitFor())
  await page.goto(city.base + url)
  return page
}

/** A picture of the page, kept for people to look at. */
export async function shot(page, name) {
  await mkdir(shots, { recursive: true })
  await page.screenshot({ path: path.join(shots, `${name}.png`) })
}

/** A photo as a phone would make it, drawn by the browser itself. */
export async function photo(page, colour) {
  const base64 = await page.evaluate((fill) => {
    const canvas = document.createElement('canvas')
    canvas.width = 800
    canvas.height = 600
    const draw = canvas.getContext('2d')
    draw.fillStyle = '#c9d2d9'
    draw.fillRect(0, 0, 800, 600)
    draw.fillStyle = '#7c7f82'
    draw.fillRect(0, 380, 800, 220)
    draw.fillStyle = fill
    draw.beginPath()
    draw.ellipse(400, 430, 160, 90, 0, 0, Math.PI * 2)
    draw.fill()
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1]
  }, colour)
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') }
}
