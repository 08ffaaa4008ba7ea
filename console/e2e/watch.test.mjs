// A watch rule as a duty officer uses it, in a real browser against a real city: drafted with a form beside the document,
// rehearsed over what is stored, published, escalated by what a device sends, and ended by a person.
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { shot, signIn, startCity } from './city.mjs'

let city
let key
let middle
let kind
const DEVICE = 'E2E-SMOKE-1'
const TYPE = 'e2e-smoke'
before(async () => {
  city = await startCity()
  const admin = await at('admin', '/admin')
  const map = await ask(admin, '/api/public/map')
  middle = map.areas.find((each) => each.level === 'DISTRICT').center
  await send(admin, '/api/device-types', { code: TYPE, nameZh: '车棚烟感', nameEn: 'Smoke detector', properties: [{ name: 'level', nameZh: '烟雾浓度', nameEn: 'Smoke', unit: '%', low: 0, high: 100, intervalSeconds: 60 }], commands: [], silentAfterSeconds: 86400, retentionDays: 400, version: 0 })
  await send(admin, '/api/devices', { code: DEVICE, type: TYPE, name: '灯市街车棚1号烟感', lon: middle[0], lat: middle[1], group: 'E2E-SHED-1' })
  const keeper = await at('security', '/admin')
  const made = await send(keeper, '/api/api-keys', { name: 'e2e sensors', areaCode: map.areas.find((each) => each.level === 'CITY').code, permissions: ['OBSERVATION_WRITE'] })
  key = made.secret
  assert.ok(key, 'the key is told once')
  // Three weeks of calm, and four small fires.
  const now = Date.now()
  const history = []
  for (let hour = 1; hour < 21 * 24; hour++) {
    const fire = hour % 120 === 60
    for (const minute of fire ? [0, 5, 10, 15] : [0]) history.push({ device: DEVICE, time: now - hour * 3_600_000 + minute * 60_000, values: { level: fire && minute > 0 && minute < 15 ? (hour === 180 ? 72 : 34) : 3 + (hour % 5) } })
  }
  await observe(history)
  // Two people report the same kind: one beside the detector, one far from every device of the rule.
  const officer = await at('shift', '/desk')
  kind = (await ask(officer, '/api/kinds?active=true')).find((each) => each.family === 'MATTER').id
  for (const [title, off] of [['车棚冒烟', 0.0002], ['另一处冒烟', 0.012]]) await send(officer, '/api/cases', { title, description: '有焦糊味', kindId: kind, lon: middle[0] + off, lat: middle[1] })
  await officer.context().close()
  await admin.context().close()
  await keeper.context().close()
}, { timeout: 300_000 })
after(async () => { await city?.close() }, { timeout: 60_000 })
afterEach(async () => { await Promise.all(city.browser.contexts().map((each) => each.close())) })

const at = (login, url, size) => signIn(city, login, url, size, (to) => !to.pathname.startsWith('/login'))
const ask = (page, path) => page.evaluate(async (to) => {
  const answer = await fetch(to)
  if (!answer.ok) throw new Error(`${answer.status} ${to} ${await answer.text()}`)
  return answer.json()
}, path)
const send = (page, path, body) => page.evaluate(async ([to, text]) => {
  const answer = await fetch(to, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-XSRF-TOKEN': document.cookie.match(/XSRF-TOKEN=([^;]+)/)?.[1] }, body: text })
  if (!answer.ok) throw new Error(`${answer.status} ${to} ${await answer.text()}`)
  return answer.json()
}, [path, JSON.stringify(body)])
async function observe(readings) {
  const answer = await fetch(`${city.base}/api/observations`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` }, body: JSON.stringify(readings) })
  assert.equal(answer.status, 200, await answer.text())
}
async function until(what, holds, milliseconds = 30_000) {
  const end = Date.now() + milliseconds
  for (;;) {
    if (await holds()) return
    assert.ok(Date.now() < end, `${what} within ${milliseconds} ms`)
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}
async function fill(page, id, text) {
  const field = page.getByTestId(id)
  const input = /^(INPUT|TEXTAREA)$/.test(await field.evaluate((e) => e.tagName)) ? field : field.locator('input, textarea').first()
  await input.fill(text)
  await input.press('Tab')
}
const document = (page) => page.getByTestId('rule-document').inputValue()

test('a rule is drafted, rehearsed, published, escalated and ended', { timeout: 240_000 }, async () => {
  const officer = await at('shift', '/rules')
  await officer.getByTestId('rule-add').click()
  await officer.getByTestId('rule-form').waitFor()

  // The form writes the document …
  await officer.getByTestId('form-type').click()
  await officer.getByRole('option', { name: '车棚烟感' }).click()
  await fill(officer, 'form-id', 'e2e-shed')
  await fill(officer, 'form-name-zh', '车棚烟雾')
  await fill(officer, 'form-name-en', 'Smoke in a shed')
  await fill(officer, 'when-YELLOW', 'level > 20')
  await officer.getByTestId('rung-RED').locator('input[type=checkbox]').check()
  await fill(officer, 'bound-RED', '60')
  await fill(officer, 'until-RED', 'level < 10')
  await fill(officer, 'form-reason-zh', '烟雾浓度{level}，{grade}')
  await until('the document says it', async () => /red: \{when: "level > 60", until: "level < 10"\}/.test(await document(officer)))
  await officer.getByTestId('rule-sound').waitFor()

  // … and the document the form; a flaw stands at its line.
  const sound = await document(officer)
  await officer.getByTestId('rule-document').fill(sound.replace('level < 10', 'lvl < 10'))
  await officer.locator('[data-testid="rule-flaw"][data-where="grades.red.until"]').waitFor()
  assert.ok(await officer.getByTestId('rule-publish').isDisabled(), 'no flaw is published')
  await shot(officer, 'rule-flaw')
  await officer.getByTestId('rule-document').fill(sound.replace('level < 10', 'level < 15'))
  await officer.getByTestId('rule-sound').waitFor()
  await until('the form follows', async () => (await officer.getByTestId('until-RED').evaluate((e) => (e.tagName === 'INPUT' ? e : e.querySelector('input')).value)) === 'level < 15')

  await officer.getByTestId('rehearse-run').click()
  await officer.getByTestId('rehearse-summary').waitFor()
  assert.equal(await officer.getByTestId('rehearse-summary').getAttribute('data-warnings'), '4', 'four small fires')
  await until('four episodes are listed', async () => (await officer.getByTestId('rehearse-episode').count()) === 4)
  await until('it says that nobody watched then', async () => (await officer.getByTestId('rehearse-no-actual').count()) === 1)
  // Beside what people reported: nobody did within a day of a fire; one did within three days, and another where no device is.
  await officer.getByTestId('rehearse-kind').click()
  await officer.keyboard.insertText(kind)
  await officer.getByTestId(`kind-${kind}`).click()
  await officer.getByTestId('rehearse-run').click()
  await officer.locator('[data-testid="rehearse-compared"][data-with="0"] [data-testid="empty"]').waitFor()
  await officer.getByTestId('rehearse-compared').scrollIntoViewIfNeeded()
  await shot(officer, 'rule-compared-none')
  await officer.getByTestId('rehearse-hours').click()
  await officer.getByRole('option', { name: '前后 72 小时' }).click()
  await officer.getByTestId('rehearse-run').click()
  await officer.locator('[data-testid="rehearse-compared"][data-with="1"]').waitFor()
  assert.equal(await officer.getByTestId('rehearse-compared').getAttribute('data-without'), '3')
  assert.ok(Number(await officer.getByTestId('rehearse-compared').getAttribute('data-missed')) >= 1)
  await officer.getByTestId('rehearse-missed-list').locator('summary').click()
  await officer.getByTestId('rehearse-episode').last().locator('summary').click()
  assert.ok(await officer.getByTestId('rehearse-episode').last().getByTestId('rehearse-case').count() >= 1, 'the case beside the detector')
  await officer.getByTestId('rehearse-compared').scrollIntoViewIfNeeded()
  await shot(officer, 'rule-rehearsed')
  await officer.getByTestId('locale').click()
  await officer.getByTestId('rehearse-compared').scrollIntoViewIfNeeded()
  await shot(officer, 'rule-rehearsed-en')
  await officer.getByTestId('locale').click()

  await officer.getByTestId('rule-publish').click()
  await officer.getByTestId('rule-changes').waitFor()
  await shot(officer, 'rule-publish')
  await officer.getByTestId('rule-publish-confirm').click()
  await officer.getByTestId('rule-published').waitFor()

  // A rule is at work a moment after it was published; the device goes on speaking.
  const live = async () => (await ask(officer, '/api/warnings?live=true&rule=e2e-shed')).items
  await until('a warning', async () => {
    await observe([{ device: DEVICE, time: Date.now() - 2000, values: { level: 30 } }])
    return (await live()).length === 1
  })
  assert.equal((await live())[0].grade, 'YELLOW')
  await observe([{ device: DEVICE, time: Date.now() - 1000, values: { level: 80 } }])
  await until('it escalates', async () => (await live())[0].grade === 'RED')
  assert.equal((await live()).length, 1, 'in place')
  await officer.goto(`${city.base}/rules`)
  await officer.locator('[data-testid="rule-row"][data-rule="e2e-shed"] [data-testid="rule-live"]').waitFor()
  await shot(officer, 'rules')

  const id = (await live())[0].id
  await officer.goto(`${city.base}/warnings/${id}`)
  await officer.getByTestId('warning-reason').first().waitFor()
  assert.match(await officer.getByTestId('warning-reason').first().innerText(), /烟雾浓度80，红色/)
  await officer.getByTestId('end').click()
  await officer.getByTestId('task-text').waitFor()
  await officer.getByTestId('verdict-REAL').click()
  await fill(officer, 'task-text', '现场明火已扑灭')
  await officer.getByTestId('task-submit').click()
  await until('it is over', async () => (await live()).length === 0)

  // A stricter version: the difference is shown, then it is at work.
  await officer.goto(`${city.base}/rules/e2e-shed`)
  await fill(officer, 'bound-RED', '50')
  await officer.getByTestId('rule-sound').waitFor()
  await officer.getByTestId('rule-publish').click()
  await officer.getByTestId('rule-changes').locator('.gone').waitFor()
  await officer.getByTestId('rule-publish-confirm').click()
  await officer.locator('[data-testid="rule-published"][data-version="2"]').waitFor()
  await officer.getByTestId('rule-tab-versions').click()
  await until('both versions are listed', async () => (await officer.getByTestId('rule-version').count()) === 2)
  assert.deepEqual(officer.faults, [])

  // The administrator of the system reads it, and publishes none.
  const admin = await at('admin', '/rules/e2e-shed')
  await admin.getByTestId('rule-reading').waitFor()
  assert.equal(await admin.getByTestId('rule-publish').count(), 0)
  assert.equal(await admin.getByTestId('rehearsal').count(), 0)
  await until('both versions are listed', async () => (await admin.getByTestId('rule-version').count()) === 2)
  await shot(admin, 'rule-reading')
  await admin.goto(`${city.base}/rules`)
  await admin.locator('[data-testid="rule-row"][data-rule="e2e-shed"]').waitFor()
  assert.equal(await admin.getByTestId('rule-add').count(), 0)
  assert.deepEqual(admin.faults, [])
})
