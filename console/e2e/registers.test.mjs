// The registers as staff use them, in a real browser against a real city: a component through its life, a building down to
// its rooms, files taken over, people on duty.
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { shot, signIn, startCity } from './city.mjs'
import { geoPackage } from './geopackage.mjs'
import { picture } from './picture.mjs'

let city
let middle
let component
const BUILDING = '990102001001-0001'
before(async () => {
  city = await startCity()
  const admin = await signIn(city, 'admin', '/admin', undefined, (url) => !url.pathname.startsWith('/login'))
  const map = await ask(admin, '/api/public/map')
  middle = map.areas.find((each) => each.level === 'DISTRICT').center
  component = (await ask(admin, `/api/components:nearest?lon=${middle[0]}&lat=${middle[1]}&radius=2000`)).component.ident
  assert.equal((await send(admin, '/api/buildings:batch', buildings().map((each) => JSON.stringify(each)).join('\n'), 'application/x-ndjson')).accepted, 4)
  await admin.context().close()
}, { timeout: 300_000 })
after(async () => { await city?.close() }, { timeout: 60_000 })
afterEach(async () => { await Promise.all(city.browser.contexts().map((each) => each.close())) })

/** Made-up buildings beside one another; nobody lives there. */
function buildings() {
  return ['和畅园1号楼', '和畅园2号楼', '灯市里1号楼', '灯市里2号楼'].map((name, b) => {
    const rooms = []
    const enterprises = []
    for (let floor = 1; floor <= 6 + 4 * b; floor++)
      for (let door = 1; door <= 6; door++) {
        const n = b * 1000 + floor * 10 + door
        const number = `${floor}0${door}`
        const occupancy = b === 3 && floor < 3 ? 'BUSINESS' : ['OWNER', 'OWNER', 'RENTED', 'OWNER', 'VACANT', 'RENTED', 'OWNER'][n % 7]
        const care = n % 13 === 0 ? ['ELDERLY_ALONE'] : n % 29 === 0 ? ['LOW_INCOME'] : []
        const households = ['OWNER', 'RENTED'].includes(occupancy) ? [{ members: 1 + (n % 4), care, head: `${'王李张刘陈杨赵黄'[n % 8]}示例`, phone: `139${String(n * 7919 % 1e8).padStart(8, '0')}` }] : []
        if (occupancy === 'BUSINESS' && door < 4) enterprises.push({ name: `云泽示例${n}有限公司`, uscc: `91990102MA${String(n).padStart(8, '0')}`, trade: ['餐饮', '零售', '物业'][n % 3], room: number })
        rooms.push({ number, floor, occupancy, households })
      }
    return { ident: `990102001001-000${b + 1}`, name, address: `灯市街${12 + 2 * b}号`, use: b === 3 ? 'MIXED' : 'RESIDENTIAL', floors: 6 + 4 * b, built: 1998 + 5 * b, lon: middle[0] + 0.0006 * b, lat: middle[1] + 0.0003, rooms, enterprises }
  })
}
async function until(what, holds, milliseconds = 30_000) {
  const end = Date.now() + milliseconds
  for (;;) {
    if (await holds()) return
    assert.ok(Date.now() < end, `${what} within ${milliseconds} ms`)
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}
const ask = (page, path) => page.evaluate(async (to) => {
  const answer = await fetch(to)
  if (!answer.ok) throw new Error(`${answer.status} ${to} ${await answer.text()}`)
  return answer.json()
}, path)
const send = (page, path, body, type = 'application/json') => page.evaluate(async ([to, text, kind]) => {
  const answer = await fetch(to, { method: 'POST', headers: { 'Content-Type': kind, 'X-XSRF-TOKEN': document.cookie.match(/XSRF-TOKEN=([^;]+)/)?.[1] }, body: text })
  if (!answer.ok) throw new Error(`${answer.status} ${to} ${await answer.text()}`)
  return answer.json()
}, [path, typeof body === 'string' ? body : JSON.stringify(body), type])
const at = (login, url, size) => signIn(city, login, url, size, (to) => !to.pathname.startsWith('/login'))
const drawn = (page) => page.locator('[data-testid="map"][data-loaded="true"]').first().waitFor()
async function noEnglish(page) {
  const text = await page.locator('main').innerText()
  assert.doesNotMatch(text.replace(/\b(GB\/T|HTTPS|SVG|CSV|NDJSON|GeoJSON|GeoPackage|gpkg|UTF-8|GB18030|WGS84|CGCS2000|GCJ02|BD09|[A-C](?= 级)|m|MB|kB)\b/g, ''), /[A-Za-z]{4,}(?![A-Za-z0-9]*\d)/, 'no English in the Chinese page')
}

test('a component is seen whole, changes its state for a reason, and a change is taken back', { timeout: 240_000 }, async () => {
  const admin = await at('admin', `/components/${component}`)
  await admin.getByTestId('component-parts').waitFor()
  assert.equal(await admin.getByTestId('component').getAttribute('data-state'), 'INTACT')
  assert.equal((await admin.getByTestId('component-parts').locator('b').allInnerTexts()).join(''), component)
  assert.equal(await admin.getByTestId('component-report').count(), 0, 'an administrator does not file')

  await admin.getByTestId('component-change').click()
  await admin.getByTestId('state-DAMAGED').check()
  assert.ok(await admin.getByTestId('side-submit').isDisabled(), 'not without a reason')
  await admin.getByTestId('state-reason').fill('巡查发现破损，已设置围挡')
  await shot(admin, 'component-change')
  await admin.getByTestId('side-submit').click()
  await until('it is damaged', async () => (await admin.getByTestId('component').getAttribute('data-state')) === 'DAMAGED')
  await until('its life tells it', async () => (await admin.getByTestId('life-event').count()) === 1)

  await admin.getByTestId('take-back').click()
  await admin.getByTestId('state-reason').fill('登记有误')
  await admin.getByTestId('side-submit').click()
  await until('it is as it was', async () => (await admin.getByTestId('component').getAttribute('data-state')) === 'INTACT')
  await until('both are told', async () => (await admin.getByTestId('life-event').count()) === 2)
  assert.equal(await admin.getByTestId('take-back').count(), 0, 'what took back stays')
  await send(admin, `/api/components/${component}/state`, { from: 'INTACT', to: 'DAMAGED', reason: '市民反映，现场核实破损' })

  await admin.getByTestId('component-label').click()
  await admin.getByTestId('label-print').waitFor()
  await until('the label is drawn', () => admin.getByTestId('label-preview').evaluate((image) => image.complete && image.naturalWidth > 0))
  await admin.waitForTimeout(500)
  await shot(admin, 'component-label')
  const pdf = await admin.pdf({ preferCSSPageSize: true })
  assert.match(pdf.toString('latin1'), /\/MediaBox\s*\[0 0 (169|170)\.\d+ 113\.\d+\]/, 'a label is 60 × 40 mm on paper')
  assert.deepEqual(admin.faults, [])
})

test('a report filed on a component stands on its page, and its way there is short', { timeout: 240_000 }, async () => {
  const page = await at('acceptor', '/cockpit')
  await page.getByTestId('cockpit-search').fill(component)
  await page.locator('[data-testid="search-hit"][data-type="component"]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.getByTestId('map-open').click()
  await page.waitForURL(`**/components/${component}`)
  await page.getByTestId('component-report').click()
  await page.getByTestId('file-component').waitFor()
  assert.equal(await page.getByTestId('file-component').getAttribute('data-ident'), component)
  await page.getByTestId('file-description').fill('设施破损，存在安全隐患')
  await page.getByTestId('file-submit').click()
  await page.getByTestId('file-result').waitFor()
  const id = await page.getByTestId('file-result').getAttribute('data-case')
  await page.goto(`${city.base}/components/${component}`)
  await page.locator(`[data-testid="cases-open"] [data-case="${id}"]`).waitFor()
  await drawn(page)
  await picture(page, 'component')
  await page.getByTestId('theme').click()
  await page.getByTestId('locale').click()
  await shot(page, 'component-dark-en')
  await page.locator(`[data-case="${id}"]`).click()
  await page.getByTestId('case-component').click()
  await page.waitForURL(`**/components/${component}`)
  await page.goto(`${city.base}/components/99010201037999999`)
  await page.getByTestId('problem').waitFor()
  assert.deepEqual(page.faults, [])
})

test('the register leads from the city to a building, its rooms and households, who are shown for a purpose only', { timeout: 240_000 }, async () => {
  const page = await at('acceptor', '/buildings')
  await page.getByTestId('building-row').first().waitFor()
  let [everywhere, next] = [0, undefined]
  do { // one by one, not by the sums that the page shows
    const slice = await ask(page, `/api/buildings?${new URLSearchParams({ limit: '500', ...(next ? { after: next } : {}) })}`)
    everywhere += slice.items.length
    next = slice.next
  } while (next)
  assert.ok(everywhere > 4, 'the city has more buildings than were added here')
  await until('the total is of the whole city', async () => Number((await page.getByTestId('buildings-total').innerText()).replace(/,/g, '')) === everywhere)
  await noEnglish(page)
  await shot(page, 'buildings')
  const area = (await ask(page, `/api/buildings/${BUILDING}`)).building.areaCode
  await page.getByTestId(`area-${area.slice(0, 6)}`).click()
  await until('the address holds the area', async () => new URL(page.url()).searchParams.get('area') === area.slice(0, 6))
  await page.getByTestId('buildings-search').fill('和畅园')
  await until('two have the name', async () => (await page.getByTestId('building-row').count()) === 2)
  await page.reload()
  await until('the address opens it again', async () => (await page.getByTestId('building-row').count()) === 2)
  await page.locator(`[data-ident="${BUILDING}"] a`).click()

  await page.getByTestId('floors').waitFor()
  await until('every room has its place', async () => (await page.getByTestId('room').count()) === 36)
  assert.equal(await page.getByTestId('floor').first().getAttribute('data-floor'), '6', 'the highest floor is on top')
  const household = page.getByTestId('household').first()
  const number = await household.getAttribute('data-room')
  assert.match(await household.innerText(), /\*\*/, 'masked')
  await drawn(page)
  await noEnglish(page)
  await picture(page, 'building')
  await page.locator(`[data-testid="room"][data-room="${number}"]`).click()
  await until('only the household of the room is listed', async () => (await page.getByTestId('household').count()) === 1)
  await page.getByTestId('household-reveal').click()
  assert.ok(await page.getByTestId('reveal-submit').isDisabled(), 'not without a purpose')
  await page.getByTestId('reveal-purpose').click()
  await page.getByRole('option').first().click()
  await page.getByTestId('reveal-reason').fill('楼内停水，逐户通知')
  await page.getByTestId('reveal-submit').click()
  assert.match(await page.getByTestId('revealed').innerText(), /示例[\s\S]*139\d{8}/)
  assert.deepEqual(page.faults, [])

  const phone = await at('collector', `/buildings/${BUILDING}`, { width: 390, height: 844 })
  await phone.getByTestId('floors').waitFor()
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 390, 'nothing sticks out at the side')
  assert.equal(await phone.getByTestId('household-reveal').count(), 0, 'whoever may not reveal is not offered it')
  await shot(phone, 'building-phone')
})

test('the cockpit drills from the grid into a building, and the address opens it again', { timeout: 240_000 }, async () => {
  const page = await at('leader', '/cockpit')
  const { building } = await ask(page, `/api/buildings/${BUILDING}`)
  await page.goto(`${city.base}/cockpit?area=${building.areaCode}&panel=areas`)
  await page.locator(`[data-testid="grid-building"][data-ident="${BUILDING}"]`).click()
  await page.locator(`[data-testid="cockpit-building"][data-ident="${BUILDING}"]`).waitFor()
  assert.equal(new URL(page.url()).searchParams.get('building'), BUILDING)
  await until('the way there is kept', async () => (await page.getByTestId('trail').locator('button').count()) >= 3)
  assert.equal(await page.getByTestId('trail-building').innerText(), building.name)
  await drawn(page)
  await shot(page, 'cockpit-building')
  await page.goto(page.url())
  await page.locator(`[data-testid="cockpit-building"][data-ident="${BUILDING}"]`).waitFor()
  await page.getByTestId(`trail-${building.areaCode}`).click()
  await page.getByTestId('grid-building').first().waitFor()
  assert.equal(new URL(page.url()).searchParams.get('building'), null)
  await page.goBack()
  await page.getByTestId('cockpit-building-file').click()
  await page.waitForURL(`**/buildings/${BUILDING}`)
  assert.deepEqual(page.faults, [])
})

test('a register is tried, taken over, and its bad rows come back as a file; a second time changes nothing', { timeout: 240_000 }, async () => {
  const page = await at('admin', '/import')
  const row = (n, lat = middle[1]) => `99010201037${980_000 + n},路灯,${(middle[0] + n * 0.00002).toFixed(6)},${lat},${n % 5 ? '完好' : '坏了'},备注`
  const text = ['标识码,名称,经度,纬度,状态,备注', ...Array.from({ length: 20 }, (_, n) => row(n, n === 7 ? 52.1 : middle[1]))].join('\r\n')
  const file = { name: '路灯.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }
  await page.getByTestId('import-file').setInputFiles({ name: 'none.csv', mimeType: 'text/csv', buffer: Buffer.from('甲,乙\n1,2\n') })
  await page.getByTestId('import-missing').waitFor()
  assert.ok(await page.getByTestId('import-run').isDisabled())

  await page.getByTestId('import-file').setInputFiles(file)
  await page.getByTestId('import-head').waitFor()
  await noEnglish(page)
  const count = async (name) => Number(await page.getByTestId(`import-count-${name}`).innerText())
  await page.getByTestId('import-trial').click()
  await page.locator('[data-testid="import-result"][data-trial="true"]').waitFor()
  assert.deepEqual([await count('read'), await count('added'), await count('rejected')], [20, 15, 5])
  await shot(page, 'import')
  assert.equal((await page.evaluate((of) => fetch(of).then((answer) => answer.status), '/api/components/99010201037980001')), 404, 'a trial keeps nothing')

  await page.getByTestId('import-run').click()
  await page.locator('[data-testid="import-result"][data-trial="false"]').waitFor()
  assert.equal(await count('added'), 15)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('import-rejects').click()])
  assert.equal(download.suggestedFilename(), '路灯.csv.rejected.csv')
  let saved = ''
  for await (const chunk of await download.createReadStream()) saved += chunk
  assert.equal(saved.trim().split('\n').length, 6)
  assert.match(saved, /坏了[\s\S]*52\.1/)
  await page.getByTestId('import-run').click()
  await until('nothing new', async () => (await page.getByTestId('import-count-unchanged').count()) === 1 && (await count('unchanged')) === 15)
  const point = (n, geometry) => ({ type: 'Feature', properties: { ident: `99010201037${970_000 + n}` }, geometry })
  await page.getByTestId('import-file').setInputFiles({ name: 'lamps.geojson', mimeType: 'application/geo+json', buffer: Buffer.from(JSON.stringify({ type: 'FeatureCollection',
    features: [point(1, { type: 'Point', coordinates: middle }), point(2, { type: 'LineString', coordinates: [middle, middle] })] })) })
  await page.getByTestId('import-head').waitFor()
  await page.getByTestId('import-trial').click()
  await page.locator('[data-testid="import-result"][data-trial="true"]').waitFor()
  assert.deepEqual([await count('read'), await count('added'), await count('rejected')], [2, 1, 1])
  assert.match(await page.getByTestId('import-reject').innerText(), /^2\b[\s\S]*LineString/, 'the feature without a point is named')

  await page.getByTestId('import-file').setInputFiles({ name: '路灯.gpkg', mimeType: 'application/geopackage+sqlite3', buffer: geoPackage(middle) })
  await page.getByTestId('import-head').waitFor()
  await noEnglish(page)
  await page.getByTestId('import-trial').click()
  await page.locator('[data-testid="import-result"][data-trial="true"]').waitFor()
  assert.deepEqual([await count('read'), await count('added'), await count('rejected')], [3, 2, 1])
  assert.match(await page.getByTestId('import-reject').innerText(), /^2\b[\s\S]*LineString/)
  await shot(page, 'import-geopackage')
  await page.getByTestId('import-file').setInputFiles({ name: 'none.gpkg', mimeType: 'application/geopackage+sqlite3', buffer: Buffer.from('no package') })
  await page.getByText('不是有效的 GeoPackage 文件').waitFor()

  await page.getByTestId('import-buildings').click()
  const block = ['楼号,楼名,用途,层数,经度,纬度', `990102001001-0901,和畅园9号楼,住宅,11,${middle[0]},${middle[1]}`, `990102001001-0902,和畅园10号楼,住宅,十一,${middle[0]},${middle[1]}`, `990102001001-0903,和畅园11号楼,车库,2,${middle[0]},${middle[1]}`].join('\n')
  await page.getByTestId('import-file').setInputFiles({ name: '楼宇.csv', mimeType: 'text/csv', buffer: Buffer.from(block) })
  await page.getByTestId('import-head').waitFor()
  await page.getByTestId('import-run').click()
  await page.getByTestId('import-result').waitFor()
  assert.deepEqual([await count('read'), await count('accepted'), await count('rejected')], [3, 1, 2])
  assert.deepEqual((await page.getByTestId('import-reject').allInnerTexts()).map((each) => each.trim()[0]), ['2', '3'], 'the rows of the file are named')
  await shot(page, 'import-buildings')
  assert.equal((await ask(page, '/api/buildings/990102001001-0901')).building.floors, 11)
  await page.getByTestId('import-file').setInputFiles({ name: 'b.ndjson', mimeType: 'application/x-ndjson', buffer: Buffer.from(`${JSON.stringify(buildings()[0])}\n\n{"ident":"x"}\n`) })
  await page.getByTestId('import-run').click()
  await page.getByTestId('import-result').waitFor()
  assert.deepEqual([await count('accepted'), await count('rejected')], [1, 1])
  assert.match(await page.getByTestId('import-reject').innerText(), /^3\b/, 'the line of the file is named')
  assert.deepEqual(page.faults, [])
})

test('on a phone one goes on duty with a thumb and shares the position; the shift leader sees who, where, and for a purpose the way', { timeout: 240_000 }, async () => {
  const phone = await at('collector', '/desk', { width: 390, height: 844 })
  await phone.context().grantPermissions(['geolocation'])
  await phone.context().setGeolocation({ longitude: middle[0], latitude: middle[1], accuracy: 12 })
  await phone.goto(`${city.base}/duty`)
  const button = phone.getByTestId('duty-turn')
  await until('the state is known', async () => (await phone.getByTestId('own-duty').getAttribute('data-on')) !== null)
  if ((await phone.getByTestId('own-duty').getAttribute('data-on')) === 'true') await button.click()
  await phone.locator('[data-testid="own-duty"][data-on="false"]').waitFor()
  assert.ok((await button.boundingBox()).height >= 56, 'large enough for a thumb')
  await button.click()
  await phone.locator('[data-testid="duty-sharing"][data-sharing="yes"]').waitFor()
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 390)
  await noEnglish(phone)
  await shot(phone, 'duty-phone')

  const leader = await at('shift', '/duty')
  const name = (await ask(phone, '/api/duty')).duty.name
  const present = leader.locator(`[data-testid="present"][data-name="${name}"]`)
  await present.waitFor()
  await until('the position is there', async () => !(await present.locator('button').first().isDisabled()))
  await present.getByTestId('duty-way').click()
  await leader.getByTestId('reveal-purpose').click()
  await leader.getByRole('option').first().click()
  await leader.getByTestId('reveal-reason').fill('就近派单，查找人员')
  await leader.getByTestId('reveal-submit').click()
  await leader.getByTestId('way').waitFor()
  assert.equal(Number(await leader.getByTestId('way').getAttribute('data-points')), 1)
  await drawn(leader)
  await shot(leader, 'duty')
  await leader.getByTestId('way-close').click()
  await leader.getByTestId('way').waitFor({ state: 'detached' })
  await button.click()
  await phone.locator('[data-testid="own-duty"][data-on="false"]').waitFor()
  await until('gone from the list', async () => (await present.count()) === 0)
  assert.deepEqual(leader.faults, [])
})

test('a shift leader plans shifts for several days, sees who is not there, and cancels one', { timeout: 240_000 }, async () => {
  const page = await at('shift', '/duty')
  const centre = (await ask(page, '/api/units')).find((each) => each.code === 'JDZX')
  const person = (await ask(page, `/api/units/${centre.id}/people`))[0]
  const plan = page.getByTestId('plan')
  await plan.waitFor()
  const choose = async (picker, text) => {
    await page.getByTestId(picker).locator('input').fill(text)
    await page.getByRole('option', { name: text }).first().click()
  }
  const fill = async () => {
    await page.getByTestId('plan-add').click()
    await page.getByTestId('side-form').waitFor()
    assert.ok(await page.getByTestId('side-submit').isDisabled(), 'not without a person')
    await choose('plan-unit', centre.name)
    await choose('plan-person', person.name)
    await page.getByTestId('plan-begin').fill('00:00')
    await page.getByTestId('plan-end').fill('23:59')
  }
  await fill()
  await shot(page, 'duty-plan')
  await page.getByTestId('side-submit').click()
  const shift = plan.locator(`[data-testid="shift"][data-person="${person.id}"]`)
  await shift.waitFor()
  assert.match(await shift.innerText(), /00:00–23:59/)
  assert.match(await shift.innerText(), /应到未到/)
  assert.doesNotMatch(await page.locator('main').innerText(), /\bduty\.|undefined/)

  await fill() // the same hours again
  await page.getByTestId('side-submit').click()
  await page.getByText('该人员在此时段已有班次').first().waitFor()
  await page.keyboard.press('Escape')

  await shift.getByTestId('shift-cancel').click()
  await page.getByRole('button', { name: '确定' }).or(page.getByRole('button', { name: 'OK' })).first().click()
  await until('it is gone', async () => (await shift.count()) === 0)
  assert.deepEqual(page.faults, [])
})
