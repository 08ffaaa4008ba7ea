// A citizen and a faithless clerk write scripts into every text there is. On every screen that shows them they are
// text: nothing runs, and the policy of the page has nothing to report.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openPage, PASSWORD, signIn, startCity } from './city.mjs'

const ATTACKS = [
  '<img src=x onerror="window.__ran=1">',
  '<script>window.__ran=1</script>',
  '"><svg onload=window.__ran=1>',
  'javascript:window.__ran=1',
  "{{constructor.constructor('window.__ran=1')()}}",
  '[x](javascript:window.__ran=1)',
  '</textarea><iframe srcdoc="<script>parent.__ran=1</script>">',
]
const ALL = ATTACKS.join(' ')
const KIND = 'gb47678.5-M09005'

let city
before(async () => { city = await startCity() }, { timeout: 300_000 })
after(async () => { await city?.close() }, { timeout: 60_000 })

/** Calls the interface as the page's own session would. */
async function call(page, method, path, body) {
  return page.evaluate(async ([verb, url, json]) => {
    const token = document.cookie.match(/XSRF-TOKEN=([^;]+)/)?.[1] ?? ''
    const answer = await fetch(url, { method: verb, headers: { 'Content-Type': 'application/json', 'X-XSRF-TOKEN': decodeURIComponent(token) }, body: json && JSON.stringify(json) })
    return { status: answer.status, body: await answer.json().catch(() => null) }
  }, [method, path, body])
}

async function planted(page, method, path, body) {
  const answer = await call(page, method, path, body)
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** Looks at a screen until it is quiet: for a second nothing is asked for; the live feed, which never ends, aside. */
async function look(page, url) {
  const waiting = new Set()
  let last = Date.now()
  const begun = (request) => request.url().includes('/api/live') || waiting.add(request)
  const ended = (request) => { if (waiting.delete(request)) last = Date.now() }
  page.on('request', begun).on('requestfinished', ended).on('requestfailed', ended)
  await page.goto(city.base + url)
  const end = Date.now() + 15_000
  while (Date.now() < end && (waiting.size > 0 || Date.now() - last < 1000)) await page.waitForTimeout(100)
  page.off('request', begun).off('requestfinished', ended).off('requestfailed', ended)
  assert.equal(await page.evaluate(() => window.__ran ?? null), null, `a script ran on ${url}`)
  assert.equal(await page.locator('img[src="x"], iframe, a[href^="javascript:" i]').count(), 0, `markup was taken for markup on ${url}`)
}

async function shows(page, text) {
  await page.getByText(text, { exact: false }).first().waitFor()
}

test('what people write is text on every screen', { timeout: 400_000 }, async () => {
  const leader = await signIn(city, 'shift')
  const bounds = (await planted(leader, 'GET', '/api/public/map')).bounds
  const [lon, lat] = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2]

  const citizen = await openPage(city, '/report')
  const report = await planted(citizen, 'POST', '/api/public/reports',
    { description: ALL, address: ALL.slice(0, 190), lon, lat, kindId: KIND, name: '<b>name</b>', phone: '13800000000' })
  const filed = await planted(leader, 'POST', '/api/cases',
    { title: ATTACKS[0] + ATTACKS[4], description: ALL, address: ATTACKS[1], lon: lon + 0.004, lat: lat + 0.004, kindId: KIND })
  assert.ok(filed.caseId)
  const detail = await planted(leader, 'GET', `/api/cases/${filed.caseId}`)
  const version = detail.version ?? detail.case?.version ?? detail.file?.version
  await planted(leader, 'POST', `/api/cases/${filed.caseId}/steps`, { action: 'NOTE', version, opinion: ALL })

  const admin = await openPage(city, '/login')
  await admin.getByTestId('login-name').fill('admin')
  await admin.getByTestId('login-password').fill(PASSWORD)
  await admin.getByTestId('login-submit').click()
  await admin.waitForURL((url) => !url.pathname.startsWith('/login'))
  const areas = await planted(admin, 'GET', '/api/areas?level=DISTRICT')
  await planted(admin, 'POST', '/api/units', { code: 'XSS1', name: ATTACKS[0] + ATTACKS[4], kind: 'DEPARTMENT', areaCode: areas[0].code })
  await planted(admin, 'POST', '/api/people', { login: 'xss.person', name: ATTACKS[0], phone: '13800000001' })

  const kind = await planted(admin, 'POST', '/api/kinds',
    { standardRef: 'attack', family: 'MATTER', code: 'attack', nameZh: ATTACKS[0], nameEn: ATTACKS[2], majorZh: ATTACKS[0], majorEn: ATTACKS[2], keywords: ['attack'] })
  const shapes = (await planted(admin, 'GET', '/api/areas.geojson?level=COMMUNITY')).features
  const renamed = shapes.find((each) => each.properties.code === detail.areaCode?.slice(0, 12)) ?? shapes[0]
  await planted(admin, 'PUT', '/api/areas', { type: 'FeatureCollection', features: [{ ...renamed, properties: { code: renamed.properties.code, name: ATTACKS[0], aliases: [ATTACKS[2]] } }] })
  const house = await planted(admin, 'POST', '/api/buildings:batch', { ident: 'XSS-0001', name: ATTACKS[0], address: ATTACKS[2], use: 'OFFICE', lon: lon + 0.005, lat: lat + 0.005 })
  assert.equal(house.accepted, 1, JSON.stringify(house))
  await planted(admin, 'POST', '/api/device-types', { code: 'xss', nameZh: ATTACKS[0], nameEn: ATTACKS[2], properties: [{ name: 'p', nameZh: ATTACKS[0], nameEn: ATTACKS[2], unit: '<b>', intervalSeconds: 60 }], commands: [], silentAfterSeconds: 600, retentionDays: 30 })
  await planted(admin, 'POST', '/api/devices', { code: 'XSS-1', type: 'xss', name: ATTACKS[0], lon: lon + 0.005, lat: lat + 0.005 })
  const local = await planted(leader, 'POST', '/api/cases', { title: ATTACKS[6], description: ALL, lon: lon + 0.005, lat: lat + 0.005, kindId: kind.id })

  const keeper = await openPage(city, '/login')
  await keeper.getByTestId('login-name').fill('security')
  await keeper.getByTestId('login-password').fill(PASSWORD)
  await keeper.getByTestId('login-submit').click()
  await keeper.waitForURL((url) => !url.pathname.startsWith('/login'))
  const key = await planted(keeper, 'POST', '/api/api-keys', { name: ATTACKS[0], areaCode: areas[0].parentCode, permissions: ['SIGNAL_REPORT'], channels: ['OPEN311'] })
  const form = { service_code: KIND, lat: String(lat + 0.006), long: String(lon + 0.006), description: ALL, address_string: ATTACKS[2], first_name: ATTACKS[0],
    last_name: '<b onclick=x>', email: 'a@example.org', phone: '13800000002', device_id: ATTACKS[2], account_id: ATTACKS[4], api_key: key.secret }
  const filed311 = await fetch(city.base + '/open311/v2/requests.json', { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(form) })
  assert.equal(filed311.status, 201, await filed311.clone().text())
  const asked = await citizen.request.get(city.base + '/open311/v2/requests.xml?service_code=' + KIND)
  assert.match(asked.headers()['content-type'], /xml/)
  assert.doesNotMatch(await asked.text(), /<(img|script|svg)/)

  await look(leader, `/cases/${local.caseId}`)
  await shows(leader, ATTACKS[6])
  await look(keeper, '/admin/keys')
  // Each person has a browser of their own, so they look at the same time.
  const looks = async (page, screens) => { for (const screen of screens) await look(page, screen) }
  await Promise.all([
    looks(leader, ['/desk?queue=all', `/cases/${filed.caseId}`, '/map', '/file', '/evaluation?object=unit&period=month', '/cockpit', '/warnings', '/vitals', '/duty']),
    looks(admin, ['/admin/units', '/admin/people', '/admin/areas', '/admin/kinds', '/admin/matrix', '/admin/calendar', '/admin/limits', '/buildings/XSS-0001', '/devices/XSS-1', '/device-types']),
  ])
  await look(citizen, `/report/${report.trackingCode}`)
  await shows(citizen, ATTACKS[0])

  for (const page of [leader, admin, citizen, keeper]) {
    assert.deepEqual(page.violations, [], 'the policy of the page was violated')
    assert.deepEqual(page.faults, [])
  }
})
