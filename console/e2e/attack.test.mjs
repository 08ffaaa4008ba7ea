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
/** Begins the log-in names, of at most 64 characters, of somebody who has no account. */
const GUESSER = 'g'
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

/** Approves a key that has a script for its name, and refuses another with a script for the reason. */
async function approvals(admin) {
  await look(admin, '/admin/approvals')
  const rows = admin.getByTestId('approvals').locator('tbody tr')
  assert.equal(await rows.count(), 2)
  await rows.filter({ hasText: ATTACKS[2] }).getByTestId('approve').click()
  const question = admin.locator('.el-message-box')
  await question.getByText(ATTACKS[2]).waitFor()
  await question.locator('.el-button--primary').click()
  await rows.filter({ hasText: ATTACKS[2] }).waitFor({ state: 'detached' })
  await rows.filter({ hasText: ATTACKS[0] }).getByTestId('refuse').click()
  await admin.getByTestId('refuse-reason').fill(ATTACKS[0])
  await admin.getByTestId('side-submit').click()
  await admin.getByTestId('empty').waitFor()
  assert.equal(await admin.evaluate(() => window.__ran ?? null), null, 'a script ran on /admin/approvals')
}

/** The pages of the audit administrator, the log with every name that was guessed. */
async function guesses(auditor) {
  await look(auditor, '/admin/log')
  await auditor.getByTestId('log').waitFor()
  for (const [i, attack] of ATTACKS.entries()) {
    const actor = auditor.locator('[data-act="session.refused"]').filter({ hasText: GUESSER + i + attack }).locator('td').nth(1)
    assert.equal(await actor.first().textContent(), GUESSER + i + attack)
  }
  await look(auditor, '/admin/ledger')
}

/** Signs in by the form, as somebody who has no desk. */
async function administrator(login) {
  return signIn(city, login, '/admin', undefined, (url) => !url.pathname.startsWith('/login'))
}

/** A rule of the device type xss, in whose every text a script stands. */
const RULE = `rule: xss-rule
name: {zh: '${ATTACKS[0]}', en: '${ATTACKS[2]}'}
watch: {type: xss}
inputs: {p: p}
windows:
  peak: {max: p, over: 5m, name: {zh: '${ATTACKS[0]}', en: '${ATTACKS[2]}'}}
grades:
  yellow: {when: "p > 20"}
reason: {zh: '{p} {peak} ${ATTACKS[0]}', en: '{p} {peak} ${ATTACKS[2]}'}
`

/** What devices say, with a key of one's own. */
async function tell(key, path, body) {
  const answer = await fetch(city.base + path, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` }, body: JSON.stringify(body) })
  const said = await answer.json()
  assert.ok(answer.status < 300, `${path}: ${answer.status} ${JSON.stringify(said)}`)
  return said
}

/** Warnings of a rule and of a camera, one taken up, one ended; answers their ids. */
async function warnings(leader, key, unitId) {
  const draft = await planted(leader, 'PUT', '/api/watch-rules/draft', { document: RULE, category: 'Fire', note: ALL.slice(0, 200) })
  await planted(leader, 'POST', '/api/watch-rules/xss-rule/publish', { edit: draft.edit })
  await planted(leader, 'PUT', '/api/camera-classes/xss', { nameZh: ATTACKS[0], nameEn: ATTACKS[2], category: 'Env', kindId: KIND, grade: 'BLUE', minConfidence: 0.5, opensCase: false })
  await planted(leader, 'POST', '/api/warning-routes', { watch: 'rule:xss-rule', gradeFrom: 'BLUE', level: 'CITY', target: 'UNIT', unitId, way: 'INBOX' })
  const seen = await tell(key, '/api/alarms/camera', { camera: 'XSS-2', class: 'xss', confidence: 0.9, description: ALL })
  assert.equal(seen.outcome, 'RAISED', JSON.stringify(seen))
  let live = []
  for (const end = Date.now() + 20_000; live.length === 0 && Date.now() < end;) {
    await tell(key, '/api/observations', { device: 'XSS-1', values: { p: 50 } })
    await new Promise((resolve) => setTimeout(resolve, 250))
    live = (await planted(leader, 'GET', '/api/warnings?live=true&rule=xss-rule')).items
  }
  assert.equal(live.length, 1, 'the rule warns')
  for (const id of [live[0].id, seen.warningId]) {
    await planted(leader, 'POST', `/api/warnings/${id}/acknowledge`, { note: ATTACKS[0] })
    await planted(leader, 'POST', `/api/warnings/${id}/notes`, { text: ALL })
    await planted(leader, 'POST', `/api/warnings/${id}/public`, { open: true, reason: ATTACKS[2] })
  }
  await planted(leader, 'POST', `/api/warnings/${seen.warningId}/end`, { verdict: 'REAL', reason: ATTACKS[0] })
  return [live[0].id, seen.warningId]
}

/** An indicator whose every text is a script, and a value entered for it. */
async function indicator(evaluator, area) {
  await planted(evaluator, 'POST', '/api/vitals/indicators', { code: 'XSS1', parentCode: 'GOV', nameZh: ATTACKS[0], nameEn: ATTACKS[2], meaningZh: ALL.slice(0, 300), meaningEn: ATTACKS[2], unit: '<b>', direction: 'HIGHER',
    source: 'MANUAL', aggregation: 'MEAN', period: 'MONTH', weight: 1, thresholds: { '*': [90, 80, 70, 60] }, standardRef: ATTACKS[3] })
  await planted(evaluator, 'PUT', '/api/vitals/indicators/XSS1/values', { area, at: new Date(Date.now() - 40 * 86_400_000).toISOString(), value: 50, note: ALL })
}

/** Rules of the city whose reasons are free text: limits and the calendar. */
async function rules(admin) {
  const limits = await planted(admin, 'GET', '/api/case-rules')
  Object.assign(limits.rules[0], { filingCondition: ATTACKS[0], closingCondition: ATTACKS[2], source: ALL })
  await planted(admin, 'PUT', '/api/case-rules', limits)
  const { versions } = await planted(admin, 'GET', '/api/calendar')
  const { validFrom, validTo, shifts, holidays, makeupDays } = versions.at(-1)
  await planted(admin, 'PUT', '/api/calendar', { validFrom, validTo, shifts, holidays, makeupDays, source: ALL })
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

  const admin = await administrator('admin')
  const areas = await planted(admin, 'GET', '/api/areas?level=DISTRICT')
  const unit = await planted(admin, 'POST', '/api/units', { code: 'XSS1', name: ATTACKS[0] + ATTACKS[4], kind: 'DEPARTMENT', areaCode: areas[0].code })
  await planted(admin, 'POST', '/api/people', { login: 'xss.person', name: ATTACKS[0], phone: '13800000001' })

  const kind = await planted(admin, 'POST', '/api/kinds',
    { standardRef: 'attack', family: 'MATTER', code: 'attack', nameZh: ATTACKS[0], nameEn: ATTACKS[2], majorZh: ATTACKS[0], majorEn: ATTACKS[2], keywords: ['attack'] })
  const shapes = (await planted(admin, 'GET', '/api/areas.geojson?level=COMMUNITY')).features
  const renamed = shapes.find((each) => each.properties.code === detail.areaCode?.slice(0, 12)) ?? shapes[0]
  await planted(admin, 'PUT', '/api/areas', { type: 'FeatureCollection', features: [{ ...renamed, properties: { code: renamed.properties.code, name: ATTACKS[0], aliases: [ATTACKS[2]] } }] })
  const house = await planted(admin, 'POST', '/api/buildings:batch', { ident: 'XSS-0001', name: ATTACKS[0], address: ATTACKS[2], use: 'OFFICE', lon: lon + 0.005, lat: lat + 0.005 })
  assert.equal(house.accepted, 1, JSON.stringify(house))
  await planted(admin, 'POST', '/api/device-types', { code: 'xss', nameZh: ATTACKS[0], nameEn: ATTACKS[2], properties: [{ name: 'p', nameZh: ATTACKS[0], nameEn: ATTACKS[2], unit: '<b>', intervalSeconds: 60 }], commands: [{ name: 'act', nameZh: ATTACKS[0], nameEn: ATTACKS[2], parameters: [] }], silentAfterSeconds: 600, retentionDays: 30 })
  await planted(admin, 'POST', '/api/devices', { code: 'XSS-1', type: 'xss', name: ATTACKS[0], lon: lon + 0.005, lat: lat + 0.005, group: 'xss' })
  await planted(admin, 'POST', '/api/devices', { code: 'XSS-2', type: 'camera', name: ATTACKS[2], lon: lon + 0.005, lat: lat + 0.005 })
  await planted(leader, 'POST', '/api/devices/XSS-1/commands', { name: 'act', reason: ATTACKS[0] })
  await rules(admin)
  const local = await planted(leader, 'POST', '/api/cases', { title: ATTACKS[6], description: ALL, lon: lon + 0.005, lat: lat + 0.005, kindId: kind.id })

  const keeper = await administrator('security')
  const key = await planted(keeper, 'POST', '/api/api-keys', { name: ATTACKS[0], areaCode: areas[0].parentCode, permissions: ['SIGNAL_REPORT'], channels: ['OPEN311'] })
  const form = { service_code: KIND, lat: String(lat + 0.006), long: String(lon + 0.006), description: ALL, address_string: ATTACKS[2], first_name: ATTACKS[0],
    last_name: '<b onclick=x>', email: 'a@example.org', phone: '13800000002', device_id: ATTACKS[2], account_id: ATTACKS[4], api_key: key.secret }
  const filed311 = await fetch(city.base + '/open311/v2/requests.json', { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(form) })
  assert.equal(filed311.status, 201, await filed311.clone().text())
  const asked = await citizen.request.get(city.base + '/open311/v2/requests.xml?service_code=' + KIND)
  assert.match(asked.headers()['content-type'], /xml/)
  assert.doesNotMatch(await asked.text(), /<(img|script|svg)/)

  for (const name of [ATTACKS[0], ATTACKS[2]]) {
    const { key: waiting } = await planted(keeper, 'POST', '/api/api-keys', { name, areaCode: areas[0].parentCode, permissions: ['PLACE_EDIT'] })
    assert.equal(waiting.approval.state, 'WAITING')
  }
  const sensors = await planted(keeper, 'POST', '/api/api-keys', { name: 'xss sensors', areaCode: areas[0].parentCode, permissions: ['OBSERVATION_WRITE'] })
  const [live, ended] = await warnings(leader, sensors.secret, unit.id)
  const evaluator = await signIn(city, 'evaluator', '/vitals')
  await indicator(evaluator, areas[0].parentCode)
  const { personId } = await planted(evaluator, 'GET', '/api/session')
  await planted(leader, 'POST', '/api/roster', [{ personId, areaCode: areas[0].parentCode, startsAt: new Date().toISOString(), endsAt: new Date(Date.now() + 60_000).toISOString(), note: ALL.slice(0, 200) }])

  // Whoever guesses at the door writes into the log of acts, which keeps the name that was tried.
  for (const [i, attack] of ATTACKS.entries()) {
    const guessed = await call(citizen, 'POST', '/api/session', { login: GUESSER + i + attack, password: 'guessed' })
    assert.equal(guessed.status, 401, JSON.stringify(guessed.body))
  }
  const auditor = await administrator('audit')

  await look(leader, `/cases/${local.caseId}`)
  await shows(leader, ATTACKS[6])
  await look(keeper, '/admin/keys')
  // Each person has a browser of their own, so they look at the same time. Where a text is known to stand, it is looked for.
  const looks = async (page, ...screens) => { for (const screen of screens) await look(page, screen) }
  const reads = async (page, ...screens) => {
    for (const screen of screens) {
      await look(page, screen)
      await shows(page, ATTACKS[0])
    }
  }
  await Promise.all([
    looks(leader, '/desk?queue=all', `/cases/${filed.caseId}`, '/file', '/cockpit', '/warnings', '/rules/xss-rule').then(() => reads(leader, `/warnings/${live}`, '/rules', '/duty')),
    looks(admin, '/admin/units', '/admin/people', '/admin/areas', '/admin/kinds', '/admin/matrix', '/buildings/XSS-0001', '/device-types').then(() => reads(admin, '/devices/XSS-1', '/admin/calendar', '/admin/limits')).then(() => approvals(admin)),
    guesses(auditor),
    looks(evaluator, '/evaluation?object=unit&period=month', '/vitals', '/warnings/hotspots').then(() => reads(evaluator, `/warnings/${ended}`, '/vitals/XSS1', '/warnings/routes', '/warnings/classes')),
  ])
  await look(keeper, '/admin/keys')
  await keeper.locator('.page-head .el-checkbox').click()
  await shows(keeper, `未批准：${ATTACKS[0]}`)
  await look(citizen, `/report/${report.trackingCode}`)
  await shows(citizen, ATTACKS[0])

  for (const page of [leader, admin, citizen, keeper, evaluator, auditor]) {
    assert.deepEqual(page.violations, [], 'the policy of the page was violated')
    assert.deepEqual(page.faults, [])
  }
})
