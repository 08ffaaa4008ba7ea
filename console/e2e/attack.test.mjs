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

/** Looks at a screen until it is quiet. */
async function look(page, url) {
  await page.goto(city.base + url)
  await page.waitForLoadState('networkidle', { timeout: 10_000 }).catch(() => {}) // the live feed never ends
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

  for (const screen of ['/desk?queue=all', `/cases/${filed.caseId}`, '/map', '/file', '/evaluation?object=unit&period=month']) await look(leader, screen)
  for (const screen of ['/admin/units', '/admin/people', '/admin/areas', '/admin/kinds', '/admin/matrix', '/admin/calendar', '/admin/limits']) await look(admin, screen)
  await look(citizen, `/report/${report.trackingCode}`)
  await shows(citizen, ATTACKS[0])

  for (const page of [leader, admin, citizen]) {
    assert.deepEqual(page.violations, [], 'the policy of the page was violated')
    assert.deepEqual(page.faults, [])
  }
})
