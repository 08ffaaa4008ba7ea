// One day of a case, from two citizens' phones to the evaluation, in real browsers. Nobody reloads a page:
// what somebody else did must arrive by itself.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openPage, photo, shot, signIn, startCity } from './city.mjs'

const KIND = 'gb47678.5-M09005' // 店外经营: a rule names the district's city management, and no automatic dispatch
const PHONE = { width: 390, height: 844 }

let city
before(async () => { city = await startCity() }, { timeout: 300_000 })
after(async () => { await city?.close() }, { timeout: 60_000 })

/** Takes a step on the open case: the action's button, its form, and the stage it leads to. */
async function step(page, action, stage, fill = async () => {}) {
  const button = page.getByTestId(`action-${action}`)
  const more = page.getByTestId('action-more')
  await button.or(more).first().waitFor()
  if (!(await button.isVisible())) await more.click()
  await button.click()
  await page.getByTestId(`form-${action}`).waitFor()
  await fill(page)
  await page.getByTestId('step-submit').click()
  if (stage) await stageOf(page, stage)
}

async function stageOf(page, stage) {
  await page.locator(`[data-testid="case-stage"][data-stage="${stage}"]`).waitFor()
}

async function evaluated(page, row, counter) {
  const cell = page.getByTestId(`eval-${row}-${counter}`)
  return (await cell.count()) === 0 ? 0 : Number((await cell.first().innerText()).replace(/\D/g, '') || 0)
}

/** Waits until a condition holds on a page that nobody reloads. */
async function until(what, condition, timeout = 45_000) {
  const end = Date.now() + timeout
  while (Date.now() < end) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  assert.fail(`never happened: ${what}`)
}

async function report(text, place, picture) {
  const page = await openPage(city, '/report', PHONE)
  const chooser = await photo(page, picture)
  await page.locator('[data-testid="report-photo"] input[type=file], input[type=file][data-testid="report-photo"]').first().setInputFiles(chooser)
  await page.getByTestId('photo-done').first().waitFor()
  await page.getByTestId('report-description').fill(text)
  const map = page.getByTestId('report-map')
  await map.scrollIntoViewIfNeeded()
  await clickMap(page, map, place, page.getByTestId('report-place'))
  await chooseKind(page)
  return page
}

/** Clicks on a map until it takes the click: a map that is still being built ignores it. */
async function clickMap(page, map, place, taken) {
  await map.locator('canvas').waitFor()
  await until('the map takes a click', async () => {
    const box = await map.boundingBox()
    await page.mouse.click(box.x + box.width * place.x, box.y + box.height * place.y)
    return taken.waitFor({ timeout: 1000 }).then(() => true, () => false)
  })
}

async function chooseKind(page) {
  const direct = page.getByTestId(`report-kind-${KIND}`)
  for (let major = 0; major < 12 && !(await direct.isVisible().catch(() => false)); major++) {
    const group = page.getByTestId(`report-major-${major}`)
    if (await group.count()) await group.first().click()
  }
  await direct.click()
}

test('two citizens, an acceptor, a dispatcher, a handler, a verifier and a leader close a case together', { timeout: 600_000 }, async () => {
  // The leader watches the evaluation of the month by area.
  const leader = await signIn(city, 'leader', '/evaluation?object=area&period=month')
  await leader.locator('[data-testid="evaluation"][data-loaded="true"]').waitFor()
  const rows = leader.locator('[data-testid^="eval-row-"]')
  const closed = async () => {
    let sum = 0
    for (const each of await rows.all()) sum += await evaluated(leader, (await each.getAttribute('data-testid')).slice('eval-row-'.length), 'closed')
    return sum
  }
  const closedBefore = await closed()
  const acceptor = await signIn(city, 'acceptor', '/desk?queue=accept')
  await acceptor.getByTestId('queue-accept').waitFor()
  await acceptor.locator('[data-testid="live"][data-live="true"]').first().waitFor()

  // A citizen reports with a photo, on a phone.
  const first = await report('早餐店把桌椅摆到人行道上，行人只能走机动车道', { x: 0.5, y: 0.5 }, '#c0392b')
  await shot(first, 'report-phone')
  const where = await first.getByTestId('report-place').evaluate((e) => ({ lon: e.dataset.lon, lat: e.dataset.lat }))
  await first.getByTestId('report-submit').click()
  await first.getByTestId('report-done').waitFor()
  await first.getByTestId('report-opened').waitFor()
  const caseNo = (await first.getByTestId('report-case-no').innerText()).trim()
  assert.match(caseNo, /^\d{19}$/)
  await first.getByTestId('tracking-link').click()
  await first.getByTestId('follow-state').waitFor()

  // It is on the acceptor's desk, without a reload.
  const row = acceptor.locator(`[data-testid="case-row"][data-no="${caseNo}"]`)
  await row.waitFor()
  await row.click()
  await stageOf(acceptor, 'REPORTED')
  await shot(acceptor, 'desk')
  const caseId = await row.getAttribute('data-case')

  // A second citizen reports the same; the open case on the acceptor's desk gains a signal.
  const second = await openPage(city, '/report', PHONE)
  const taken = await second.evaluate(async ({ kindId, lon, lat }) => {
    const response = await fetch('/api/public/reports', {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ kindId, description: '早餐店的桌椅占了人行道，人只能走到马路上', lon: Number(lon), lat: Number(lat) + 0.0001, media: [] }),
    })
    return { status: response.status, body: await response.json() }
  }, { kindId: KIND, ...where })
  assert.equal(taken.status, 201)
  assert.equal(taken.body.outcome, 'JOINED', JSON.stringify(taken.body))
  assert.equal(taken.body.caseNo, caseNo)
  await until('the acceptor sees both signals', async () => (await acceptor.getByTestId('signal').count()) === 2)

  // The leader supervises it; the acceptor sees that at once.
  const supervising = await signIn(city, 'leader', `/cases/${caseId}`)
  await step(supervising, 'SUPERVISE', null, (page) => page.getByTestId('field-opinion').locator('textarea').or(page.locator('textarea[data-testid="field-opinion"]')).first().fill('请今天办结'))
  await until('the acceptor sees the supervision', async () => (await acceptor.locator('[data-testid="step"][data-action="SUPERVISE"]').count()) === 1)

  await step(acceptor, 'ACCEPT', null)
  await acceptor.goto(`${city.base}/cases/${caseId}`)
  await stageOf(acceptor, 'ACCEPTED')
  await step(acceptor, 'FILE', null)
  await acceptor.goto(`${city.base}/cases/${caseId}`)
  await stageOf(acceptor, 'FILED')

  // The dispatcher takes the suggested unit.
  const dispatcher = await signIn(city, 'dispatcher', `/cases/${caseId}`)
  const handler = await signIn(city, 'handler', '/desk?queue=handle', PHONE)
  await handler.locator('[data-testid="live"][data-live="true"]').first().waitFor({ state: 'attached' })
  await step(dispatcher, 'DISPATCH', 'DISPATCHED', async (page) => {
    await page.getByTestId('suggestion').locator('strong').waitFor()
    await shot(page, 'dispatch')
  })

  // The handler gets it on the phone, receives it and disposes it with a photo.
  const work = handler.locator(`[data-testid="case-row"][data-no="${caseNo}"]`)
  await work.waitFor()
  await shot(handler, 'handler-phone')
  await handler.goto(`${city.base}/cases/${caseId}`)
  await stageOf(handler, 'DISPATCHED')
  await step(handler, 'RECEIVE', 'RECEIVED')
  await step(handler, 'DISPOSE', 'DISPOSED', async (page) => {
    await page.locator('textarea[data-testid="field-opinion"], [data-testid="field-opinion"] textarea').first().fill('已劝导商户收回桌椅，人行道恢复通行')
    await page.locator('[data-testid="step-photo-input"] input[type=file], input[type=file][data-testid="step-photo-input"]').first().setInputFiles(await photo(page, '#2e7d5b'))
    await page.getByTestId('photo-done').first().waitFor()
  })

  // The verifier checks; the acceptor closes. The dispatcher could not.
  const verifier = await signIn(city, 'verifier', `/cases/${caseId}`)
  await step(verifier, 'CHECK', 'CHECKED', (page) => page.getByTestId('result-PASS').click())
  assert.equal(await dispatcher.getByTestId('action-CLOSE').count(), 0, 'who dispatches may not close')
  await stageOf(acceptor, 'CHECKED')
  await step(acceptor, 'CLOSE', 'CLOSED')
  await shot(acceptor, 'case-closed')

  // Everybody saw it without reloading: the dispatcher, the handler, the citizen; and the evaluation changed.
  await stageOf(dispatcher, 'CLOSED')
  await stageOf(handler, 'CLOSED')
  await first.locator('[data-testid="follow-state"][data-stage="CLOSED"]').waitFor()
  await shot(first, 'follow-phone')
  await until('the leader’s evaluation counts the closed case', async () => (await closed()) > closedBefore)
  await shot(leader, 'evaluation')

  // The citizen judges the result.
  await first.getByTestId('rate-YES').click()
  await first.getByTestId('rate-submit').click()
  await first.getByTestId('rated').waitFor()

  for (const page of [leader, acceptor, first, second, supervising, dispatcher, handler, verifier]) {
    assert.deepEqual(page.faults, [], page.url())
  }
})

test('the map of the city is drawn without any other host, and a case is filed by clicking on it', { timeout: 300_000 }, async () => {
  const page = await signIn(city, 'acceptor', '/map')
  const foreign = []
  page.on('request', (request) => { if (!request.url().startsWith(city.base) && !/^(data|blob):/.test(request.url())) foreign.push(request.url()) })
  await page.locator('[data-testid="map"][data-loaded="true"]').waitFor()
  await shot(page, 'map')
  assert.deepEqual(foreign, [])

  await page.goto(`${city.base}/file`)
  await page.getByTestId('file-description').locator('textarea').or(page.locator('textarea[data-testid="file-description"]')).first().fill('路灯杆倾斜，有倒下的危险')
  await clickMap(page, page.locator('.maplibregl-map').first(), { x: 0.5, y: 0.5 }, page.getByTestId('file-chain'))
  await page.getByTestId('file-submit').click()
  await page.locator('[data-testid="file-result"]').waitFor()
  await shot(page, 'file')
  assert.deepEqual(page.faults, [])
})

test('a community’s user finds nothing of a neighbour', { timeout: 120_000 }, async () => {
  const page = await signIn(city, 'acceptor.d1', '/desk?queue=all')
  const other = await page.evaluate(async () => {
    const me = await (await fetch('/api/session')).json()
    const response = await fetch('/api/cases?queue=all&limit=200')
    const cases = await response.json()
    return { area: me.position.areaCode, codes: cases.items.map((c) => c.areaCode) }
  })
  assert.ok(other.codes.every((code) => code.startsWith(other.area)), JSON.stringify(other))
})

test('who reported is shown for a purpose, for a while, and the auditor reads why', { timeout: 180_000 }, async () => {
  const page = await signIn(city, 'acceptor', '/desk?queue=accept')
  const taken = await page.evaluate(async () => {
    const token = document.cookie.match(/XSRF-TOKEN=([^;]+)/)[1]
    const send = (path, body) => fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-XSRF-TOKEN': token }, body: JSON.stringify(body) }).then((r) => r.json())
    const { lon, lat } = (await (await fetch(`/api/places/search?q=${encodeURIComponent('社区')}`)).json())[0]
    return send('/api/signals', { description: '绿化带里的喷灌一直在喷水', lon, lat, reporter: { name: '尉迟云隐', phone: '13955500617' } })
  })
  await page.goto(`${city.base}/cases/${taken.caseId}`)
  await page.getByTestId(`reveal-${taken.signalId}`).click()
  assert.equal(await page.getByTestId('reveal-submit').isDisabled(), true)
  await page.getByTestId('reveal-purpose').click()
  await page.getByRole('option', { name: '就本案回访' }).click()
  await page.getByTestId('reveal-reason').locator('textarea').or(page.locator('textarea[data-testid="reveal-reason"]')).first().fill('回访核实喷灌位置')
  await page.getByTestId('reveal-submit').click()
  await page.getByTestId('revealed').waitFor()
  assert.match(await page.getByTestId('revealed').innerText(), /13955500617/)
  await shot(page, 'reveal')
  await page.keyboard.press('Escape')
  await until('the data are gone', async () => !(await page.content()).includes('13955500617'))
  assert.deepEqual(page.faults, [])

  const auditor = await signIn(city, 'audit', '/admin/log', undefined, (url) => !url.pathname.startsWith('/login'))
  const entry = auditor.locator('[data-act="personal-data.revealed"]').first()
  await entry.waitFor()
  assert.match(await entry.innerText(), /就本案回访.*回访核实喷灌位置/s)
})
