// Vital signs in a real browser against a real city: an evaluator makes an indicator and changes it, a leader drills down in the
// cockpit with the health of each area beside its figures.
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { shot, signIn, startCity } from './city.mjs'

let city
before(async () => { city = await startCity() }, { timeout: 300_000 })
after(async () => { await city?.close() }, { timeout: 60_000 })
afterEach(async () => { await Promise.all(city.browser.contexts().map((each) => each.close())) })

const at = (login, url, size) => signIn(city, login, url, size, (to) => !to.pathname.startsWith('/login'))
async function fill(page, id, text) {
  const field = page.getByTestId(id)
  const input = /^(INPUT|TEXTAREA)$/.test(await field.evaluate((e) => e.tagName)) ? field : field.locator('input, textarea').first()
  await input.fill(text)
}
async function choose(page, id, option) {
  await page.getByTestId(id).click()
  await page.getByRole('option', { name: option }).locator('visible=true').first().click()
}
const formula = (page) => page.getByTestId('form-formula').evaluate((e) => (e.tagName === 'TEXTAREA' ? e : e.querySelector('textarea')).value)

test('an evaluator makes an indicator, is told what is wrong with its formula, and changes it', { timeout: 300_000 }, async () => {
  const page = await at('evaluator', '/vitals')
  await page.getByTestId('vital-add').click()
  await page.getByTestId('side-form').waitFor()
  assert.ok(await page.getByTestId('side-submit').isDisabled(), 'nothing is sent that is not complete')
  await fill(page, 'form-code', 'E2E01')
  await choose(page, 'form-parent', '城市治理')
  await fill(page, 'form-name-zh', '当日红色预警')
  await fill(page, 'form-name-en', 'Red warnings of the day')
  await choose(page, 'form-direction', '越低越好')
  await choose(page, 'form-period', '每日')
  await choose(page, 'form-aggregation', '求和')
  await fill(page, 'form-unit', '条')
  await fill(page, 'form-formula', 'warnings.rised.red')
  for (const [colour, bound] of [['BLUE', '0'], ['YELLOW', '1'], ['ORANGE', '3'], ['RED', '2']]) await fill(page, `bound-*-${colour}`, bound)
  await page.getByTestId('threshold-fault').waitFor()
  assert.ok(await page.getByTestId('side-submit').isDisabled(), 'bounds that do not rise')
  await fill(page, 'bound-*-RED', '5')
  await page.getByTestId('threshold-fault').waitFor({ state: 'detached' })
  await page.getByTestId('thresholds-add-COMMUNITY').click()
  for (const [colour, bound] of [['BLUE', '0'], ['YELLOW', '1'], ['ORANGE', '2'], ['RED', '3']]) await fill(page, `bound-COMMUNITY-${colour}`, bound)
  await fill(page, 'form-weight', '2')

  // A formula that does not hold is not kept: what is wrong stands at it.
  await page.getByTestId('side-submit').click()
  await page.getByTestId('field-fault').filter({ hasText: 'warnings.rised.red' }).waitFor()
  assert.ok(await page.getByTestId('form-formula').evaluate((e) => (e.tagName === 'TEXTAREA' ? e : e.querySelector('textarea')) === document.activeElement), 'the cursor is where it is wrong')
  await page.getByTestId('form-formula').scrollIntoViewIfNeeded()
  await shot(page, 'vital-formula-fault')
  await fill(page, 'form-formula', 'warnings.raised.red')
  await page.getByTestId('form-check').click()
  await page.getByTestId('form-checked').waitFor()
  await shot(page, 'vital-new')
  await page.getByTestId('thresholds').scrollIntoViewIfNeeded()
  await shot(page, 'vital-new-thresholds')
  await page.getByTestId('side-submit').click()
  await page.waitForURL((to) => to.pathname === '/vitals/E2E01')
  await page.locator('[data-testid="vital"][data-loaded="true"]').waitFor()
  await shot(page, 'vital-made')

  await page.getByTestId('vital-edit').click()
  await page.getByTestId('side-form').waitFor()
  assert.equal(await formula(page), 'warnings.raised.red')
  assert.ok(await page.getByTestId('thresholds-COMMUNITY').isVisible(), 'the bounds of communities are there again')
  await fill(page, 'form-weight', '3')
  // Also in the first minutes, when the thirteen months before are still being computed.
  const answer = page.waitForResponse((each) => each.request().method() === 'PUT', { timeout: 15_000 })
  await page.getByTestId('side-submit').click()
  assert.equal((await answer).status(), 200, await (await answer).text())
  await page.getByTestId('side-form').waitFor({ state: 'detached' })
  const kept = await page.evaluate(async () => (await fetch('/api/vitals/indicators/E2E01')).json())
  assert.equal(kept.row.weight, 3)
  assert.equal(kept.definition.version, 2)
  assert.deepEqual(kept.definition.thresholds, { '*': [0, 1, 3, 5], COMMUNITY: [0, 1, 2, 3] })
  assert.equal(kept.row.parentCode, 'GOV')
  await page.getByTestId('locale').first().click()
  await page.getByTestId('vital-edit').click()
  await page.getByTestId('thresholds').waitFor()
  await shot(page, 'vital-edit-en')
  assert.deepEqual(page.faults, [])
})

test('a leader drills down with the health of each area beside its figures', { timeout: 180_000 }, async () => {
  const page = await at('leader', '/cockpit?panel=areas')
  await page.getByTestId('health-strip').waitFor()
  const cityCode = await page.getByTestId('health-strip').getAttribute('data-area')
  await page.getByTestId('areas-health').click()
  const rows = page.getByTestId('health-table').locator('tbody tr')
  assert.ok(await rows.count() >= 2)
  await shot(page, 'cockpit-health')
  for (const level of ['DISTRICT', 'STREET']) {
    const before = await page.getByTestId('health-strip').getAttribute('data-area')
    const next = (await rows.first().getAttribute('data-testid')).replace('health-area-', '')
    await rows.first().click()
    await page.locator(`[data-testid="health-strip"][data-area="${next}"]`).waitFor()
    assert.notEqual(next, before)
    const told = await page.evaluate(async (of) => (await fetch(`/api/vitals?area=${of}`)).json(), next)
    assert.equal(told.area.level, level)
    const score = (value) => (value === null ? '—' : String(Math.round(value)))
    for (const each of told.dimensions) assert.equal(await page.getByTestId(`health-${each.code}`).locator('b').innerText(), score(each.score), `${level} ${each.code}`)
    await page.getByTestId('health-table').waitFor()
  }
  await page.getByTestId('areas-figures').click()
  await page.getByTestId('area-table').waitFor()
  await shot(page, 'cockpit-health-street')
  assert.ok(cityCode)
  await page.getByTestId('locale').first().click()
  await page.getByTestId('areas-health').click()
  await shot(page, 'cockpit-health-en')
  assert.deepEqual(page.faults, [])
})
