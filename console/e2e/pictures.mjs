// The pictures of the documents that need a living city: desk, cockpit, rules with a rehearsal, warnings, vital signs.
//
//   node e2e/pictures.mjs         docs/images/*.png, Chinese, 1366 × 768
//   node e2e/pictures.mjs look    e2e/shots/look-*.png: each of those screens in Chinese and English, on a desk and on a phone,
//                                 and the cockpit on a wall, for people to look at
//
// CITYWIDE_DEMO names a running demo city; without it one is started, and lives for as long as it takes until it has warnings.
// The others of docs/images are taken by the tests; PICTURES=1 node e2e/run.mjs cockpit registers renews them all.
import assert from 'node:assert/strict'
import { shot, signIn, startCity, startServer } from './city.mjs'
import { keep } from './picture.mjs'

const LOOK = process.argv[2] === 'look'
let rule
const ENOUGH = { warnings: 6, cases: 40 }
const PATIENCE = 10 * 60_000

const server = process.env.CITYWIDE_DEMO ? undefined : await startServer({ quiet: false })
if (server) process.env.CITYWIDE_DEMO = server.base
const city = await startCity()
process.once('SIGINT', () => server?.close().finally(() => process.exit(130)))

const at = (login, url, size) => signIn(city, login, url, size, (to) => !to.pathname.startsWith('/login'))
const ask = (page, path) => page.evaluate(async (to) => {
  const answer = await fetch(to)
  if (!answer.ok) throw new Error(`${answer.status} ${to} ${await answer.text()}`)
  return answer.json()
}, path)

/** The rules of a city that has none of its own yet. */
const RULES = [
  ['loud', 'noise', 'laeq', { zh: '白天噪声', en: 'Noise by day' }, ['laeq > 66', 'laeq > 68', 'laeq > 71', 'laeq > 80'], '噪声{laeq}，{grade}', 'Env'],
  ['loud-night', 'noise', 'laeq', { zh: '夜间噪声', en: 'Noise at night' }, ['(hour >= 22 || hour < 6) && laeq > 50', '(hour >= 22 || hour < 6) && laeq > 55'], '夜间噪声{laeq}，{grade}', 'Env'],
  ['shed-smoke', 'smoke', 'smoke', { zh: '车棚烟感', en: 'Smoke in a shed' }, [undefined, 'smoke > 2', 'smoke > 8', 'smoke > 15'], '烟雾浓度{smoke}，{grade}', 'Fire'],
  ['flooded', 'water-level', 'level', { zh: '道路积水', en: 'Water on a road' }, ['level > 0.16', 'level > 0.25', 'level > 0.4', 'level > 0.6'], '积水{level}，{grade}', 'Met'],
]
const send = (page, method, path, body) => page.evaluate(async ([how, to, text]) => {
  const answer = await fetch(to, { method: how, headers: { 'Content-Type': 'application/json', 'X-XSRF-TOKEN': document.cookie.match(/XSRF-TOKEN=([^;]+)/)?.[1] }, body: text })
  if (!answer.ok) throw new Error(`${answer.status} ${to} ${await answer.text()}`)
  return answer.json()
}, [method, path, JSON.stringify(body)])
async function watched(page) {
  for (const [id, type, input, name, when, reason, category] of (await ask(page, '/api/watch-rules')).length > 0 ? [] : RULES) {
    const grades = ['blue', 'yellow', 'orange', 'red'].flatMap((grade, i) => (when[i] ? [`  ${grade}: {when: "${when[i]}"}`] : [])).join('\n')
    const document = `rule: ${id}\nversion: 1\nname: {zh: ${name.zh}, en: ${name.en}}\nwatch: {type: ${type}}\ninputs: {${input}: ${input}}\ngrades:\n${grades}\nreason: {zh: "${reason}", en: "{${input}}: {grade}"}\n`
    const draft = await send(page, 'PUT', '/api/watch-rules/draft', { document, category, note: '演示' })
    await send(page, 'POST', `/api/watch-rules/${id}/publish`, { edit: draft.edit })
  }
}
/** Problems all over it, of many kinds. */
async function reported(page) {
  const [west, south, east, north] = (await ask(page, '/api/public/map')).bounds
  const kinds = (await ask(page, '/api/kinds?active=true')).filter((each) => each.family === 'MATTER')
  for (let n = 0; n < 56; n++) {
    const [across, up] = [0.26 + 0.48 * ((n % 8) / 7) + 0.02 * Math.sin(n * 2.7), 0.28 + 0.44 * (Math.floor(n / 8) / 6) + 0.02 * Math.sin(n * 1.9)]
    const kind = kinds[(n * 5) % kinds.length]
    await send(page, 'POST', '/api/cases', { title: kind.nameZh, description: `市民反映此处${kind.nameZh}`, kindId: kind.id, lon: west + (east - west) * across, lat: south + (north - south) * up })
  }
}

/** A city has something to show when it has lived for a while. */
async function lived() {
  const page = await at('shift', '/warnings')
  await watched(page)
  if ((await ask(page, '/api/map/summary')).open < ENOUGH.cases) await reported(page)
  const leader = await at('leader', '/desk')
  const end = Date.now() + PATIENCE
  for (;;) {
    const warnings = (await ask(page, '/api/warnings?live=true')).items
    const cases = (await ask(page, '/api/map/summary')).open
    const { score } = await ask(leader, '/api/vitals')
    const grave = warnings.some((each) => ['RED', 'ORANGE'].includes(each.grade))
    if (warnings.length >= ENOUGH.warnings && grave && cases >= ENOUGH.cases && score !== null) break
    if (Date.now() > end) {
      console.log(`after ${PATIENCE / 60_000} minutes: ${warnings.length} warnings, ${grave ? 'one' : 'none'} grave, ${cases} cases, health ${score}`)
      break
    }
    await new Promise((resolve) => setTimeout(resolve, 5000))
  }
  // A rule of which much happened shows best what a rehearsal is for.
  const rules = await ask(page, '/api/watch-rules')
  rule = rules.some((each) => each.rule === RULES[0][0]) ? RULES[0][0] : rules.filter((each) => each.published).sort((a, b) => b.live - a.live)[0]?.rule
  await leader.context().close()
  await page.context().close()
}

/** Nothing on the page moves or loads any more. */
async function still(page) {
  await page.waitForLoadState('networkidle').catch(() => {})
  if (await page.locator('[data-testid="map"]').count()) {
    await page.locator('[data-testid="map"][data-loaded="true"]').first().waitFor()
    await page.waitForTimeout(2500)
  }
  await page.waitForTimeout(800)
}

/** The screens, each as its own person sees it; `ready` waits, `prepare` brings it where it shows what it is for. */
const SCREENS = [
  { name: 'desk', who: 'shift', url: '/desk', ready: '[data-testid="case-row"]', prepare: firstCase },
  { name: 'cockpit', who: 'leader', url: '/cockpit', ready: '[data-testid="cockpit"][data-ready="true"]' },
  { name: 'vitals', who: 'leader', url: '/vitals', ready: '[data-testid="vitals-whole"]' },
  { name: 'vital', who: 'leader', url: '/vitals/GOV02', ready: '[data-testid="vital-value"]' },
  { name: 'warnings', who: 'shift', url: '/warnings', ready: 'main', prepare: firstWarning },
  { name: 'warnings-list', who: 'shift', url: '/warnings', ready: 'main' },
  { name: 'situations', who: 'shift', url: '/warnings?tab=situations', ready: 'main' },
  { name: 'routes', who: 'shift', url: '/warnings/routes', ready: 'main' },
  { name: 'classes', who: 'shift', url: '/warnings/classes', ready: 'main' },
  { name: 'hotspots', who: 'shift', url: '/warnings/hotspots', ready: 'main' },
  { name: 'rules', who: 'shift', url: '/rules', ready: '[data-testid="rule-row"]' },
  { name: 'rule', who: 'shift', url: () => `/rules/${rule}`, ready: '[data-testid="rule-document"]', prepare: rehearse },
  { name: 'devices', who: 'shift', url: '/devices', ready: '[data-testid="device-row"]' },
  { name: 'device', who: 'shift', url: '/devices', ready: '[data-testid="device-row"]', prepare: firstDevice },
  { name: 'device-types', who: 'shift', url: '/device-types', ready: '[data-testid="device-types"]' },
  { name: 'import', who: 'admin', url: '/import', ready: '[data-testid="import"]' },
]
async function firstCase(page) {
  await page.getByTestId('case-row').first().click()
}
async function firstWarning(page) {
  const { items } = await ask(page, '/api/warnings?live=true')
  if (items[0]) await page.goto(`${city.base}/warnings/${items[0].id}`)
  if (items[0]) await page.getByTestId('warning-reason').first().waitFor()
}
async function firstDevice(page) {
  await page.getByTestId('device-row').first().locator('a').first().click()
  await page.locator('[data-testid="device"]').waitFor()
}
async function rehearse(page) {
  await page.getByTestId('rehearse-days').click()
  await page.getByRole('option').filter({ visible: true }).first().click()
  await page.getByTestId('rehearse-run').click()
  await page.getByTestId('rehearse-summary').first().waitFor()
  await page.mouse.move(10, 400)
  await page.getByTestId('rehearse-episode').or(page.getByTestId('rehearse-summary')).first().evaluate((each) => each.scrollIntoView({ block: 'center' }))
}

async function show({ who, url, ready, prepare }, size, locale = 'zh-CN') {
  const page = await at(who, '/desk', size)
  await page.evaluate((to) => localStorage.setItem('citywide.locale', to), locale)
  await page.goto(city.base + (typeof url === 'function' ? url() : url))
  await page.locator(ready).first().waitFor()
  await prepare?.(page)
  await still(page)
  return page
}

/** What is wrong with a screen that can be measured: it sticks out at the side, or says something in the other language. */
async function flaws(page, locale) {
  const found = []
  const [wide, view] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
  if (wide > view) found.push(`${wide} pixels wide in ${view}`)
  const text = await page.locator('main').innerText()
  const keys = text.match(/\b[a-z]+(\.[a-zA-Z]+){1,3}\b/g)?.filter((each) => !/\.(csv|json|png|gov|com)$/.test(each)) ?? []
  if (keys.length) found.push(`keys? ${[...new Set(keys)].slice(0, 5).join(' ')}`)
  if (locale === 'zh-CN') {
    const words = text.match(/\b[A-Za-z]{4,}\b(?![-\d])/g) ?? []
    if (words.length) found.push(`English: ${[...new Set(words)].slice(0, 12).join(' ')}`)
  }
  const cut = await page.evaluate(() => [...document.querySelectorAll('main button, main th, main h1, main h2, main label')]
    .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0 && getComputedStyle(each).overflowX !== 'visible').map((each) => each.textContent.trim().slice(0, 24)))
  if (cut.length) found.push(`cut off: ${[...new Set(cut)].slice(0, 8).join(' | ')}`)
  return found.concat(page.faults)
}

try {
  await lived()
  if (LOOK) {
    const only = process.argv.slice(3)
    for (const screen of SCREENS.filter((each) => only.length === 0 || only.includes(each.name))) {
      for (const [kind, size, locale] of [['zh', { width: 1366, height: 768 }, 'zh-CN'], ['en', { width: 1366, height: 768 }, 'en'], ['zh-phone', { width: 390, height: 844 }, 'zh-CN'], ['en-phone', { width: 390, height: 844 }, 'en']]) {
        try {
          const page = await show(screen, size, locale)
          await shot(page, `look-${screen.name}-${kind}`)
          const found = await flaws(page, locale)
          if (found.length) console.log(`${screen.name} ${kind}: ${found.join('; ')}`)
          await page.context().close()
        } catch (fault) {
          console.log(`${screen.name} ${kind}: ${String(fault).split('\n')[0]}`)
          await Promise.all(city.browser.contexts().map((each) => each.close()))
        }
      }
    }
    const wall = await show(SCREENS.find((each) => each.name === 'cockpit'), { width: 1920, height: 1080 })
    await wall.getByTestId('tool-wall').click()
    await wall.getByTestId('wall').waitFor()
    await still(wall)
    await shot(wall, 'look-wall')
    await wall.context().close()
    // A link that names an area, or a region, and no view.
    const asking = await at('leader', '/desk')
    const { children } = await ask(asking, '/api/map/summary').then((of) => ask(asking, `/api/map/areas/${of.areaCode}/figures`))
    await asking.context().close()
    for (const [name, query] of [['area', `area=${children[0].code}`], ['region-area', `region=a:${children[1].code}`], ['region-circle', `region=c:${children[0].center.join(',')},300`]]) {
      const linked = await show({ who: 'leader', url: `/cockpit?${query}`, ready: '[data-testid="cockpit"][data-ready="true"]' }, { width: 1366, height: 768 })
      console.log(name, query, new URL(linked.url()).searchParams.get('at'))
      await shot(linked, `look-link-${name}`)
      await linked.context().close()
    }
  } else {
    for (const [name, file] of [['desk', 'desk'], ['cockpit', 'cockpit'], ['vitals', 'vitals'], ['warnings', 'warnings'], ['rule', 'rule-rehearsal']]) {
      const page = await show(SCREENS.find((each) => each.name === name), { width: 1366, height: 768 })
      await keep(page, file)
      assert.deepEqual(page.faults, [])
      await page.context().close()
    }
  }
} finally {
  await city.close()
  await server?.close()
}
