// Browser push as people turn it on, in a real browser: its worker, its switch and its states. The push service is the one thing that is
// not there: where a test needs one, the browser's own subscribing is replaced by one that keeps the keys in the page.
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { openPage, shot, signIn, startCity } from './city.mjs'

let city
before(async () => { city = await startCity() }, { timeout: 900_000 })
after(async () => { await city?.close() }, { timeout: 60_000 })
afterEach(async () => { await Promise.all(city.browser.contexts().map((each) => each.close())) })

const at = (login, url, size) => signIn(city, login, url, size, (to) => !to.pathname.startsWith('/login'))
const notices = (page, state) => page.locator(`[data-testid="notices"][data-push="${state}"][data-loaded="true"]`).waitFor()
const turn = (page) => page.getByTestId('push-switch').click()

/** A subscription as a browser makes it, at a push service that nobody knows; it outlives a reload as the real one does. */
async function withService(page) {
  await page.addInitScript(() => {
    const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    const made = (kept) => kept && ({ ...kept, options: { applicationServerKey: null }, toJSON: () => kept, unsubscribe: async () => { localStorage.removeItem('e2e.subscription'); return true } })
    PushManager.prototype.getSubscription = async () => made(JSON.parse(localStorage.getItem('e2e.subscription')))
    PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
      if (!userVisibleOnly || applicationServerKey.length !== 65) throw new Error('not what the standard wants')
      const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
      const kept = { endpoint: `https://push.example.invalid/${crypto.randomUUID()}`, keys: { p256dh: text(await crypto.subtle.exportKey('raw', pair.publicKey)), auth: text(crypto.getRandomValues(new Uint8Array(16))) } }
      localStorage.setItem('e2e.subscription', JSON.stringify(kept))
      return made(kept)
    }
  })
}

test('push is turned on, shows a warning, opens it on a click, and ends with the session', { timeout: 180_000 }, async () => {
  const page = await at('shift', '/warnings')
  await page.context().grantPermissions(['notifications'], { origin: city.base })
  await withService(page)
  const { key } = await page.evaluate(() => fetch('/api/warning-push').then((answer) => answer.json()))
  assert.match(key, /^B[\w-]{86}$/)
  await page.goto(`${city.base}/warnings/notices`)
  await notices(page, 'off')
  await turn(page)
  await notices(page, 'on')
  await page.getByTestId('push-browser').first().waitFor()
  assert.equal(await page.getByTestId('push-browser').count(), 1)
  assert.match(await page.getByTestId('push-browser').innerText(), /Chrome · Linux[\s\S]*当前浏览器/)
  await shot(page, 'notices-on')
  await page.reload()
  await notices(page, 'on')

  // What the browser does with a push: the worker shows it, an earlier word does not replace a later one.
  const cdp = await page.context().newCDPSession(page)
  const registered = new Promise((resolve) => cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations[0] && resolve(registrations[0].registrationId)))
  await cdp.send('ServiceWorker.enable')
  const registrationId = await registered
  const push = (note) => cdp.send('ServiceWorker.deliverPushMessage', { origin: city.base, registrationId, data: JSON.stringify(note) })
  const shown = () => page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((each) => [each.title, each.body, each.tag, each.lang]))
  const until = async (what, holds) => {
    for (const end = Date.now() + 20_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      if (await holds()) return
      assert.ok(Date.now() < end, `${what} within 20 s: ${JSON.stringify(await shown())}`)
    }
  }
  const note = { warning: 4711, seq: 2, grade: 'RED', lang: 'zh-CN', title: '红色预警升级：烟雾浓度', body: '灯市街车棚1号', at: new Date().toISOString(), asks: true, url: '/warnings/4711' }
  // A worker that is only just starting may miss one, and a push service sends again what was not taken.
  await until('it is shown', async () => {
    await push(note)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    return (await shown()).length === 1
  })
  assert.deepEqual(await shown(), [['红色预警升级：烟雾浓度', '灯市街车棚1号', 'warning-4711', 'zh-CN']])
  await push({ ...note, seq: 1, title: '黄色预警发布：烟雾浓度' })
  await until('both are shown', async () => {
    await push({ ...note, warning: 4712, url: '/warnings/4712', title: '蓝色预警发布：井盖' })
    await new Promise((resolve) => setTimeout(resolve, 1000))
    return (await shown()).length === 2
  })
  assert.ok((await shown()).some(([title]) => title === '红色预警升级：烟雾浓度'), 'the later word stayed')

  const [worker] = page.context().serviceWorkers()
  await worker.evaluate(() => self.open('/warnings/4711').catch(() => undefined)) // it may not focus a window that nobody clicked at
  await page.waitForURL('**/warnings/4711')

  // In the person's menu too; another language is told to the server; signing out ends it.
  await page.getByTestId('person-menu').click()
  await page.getByTestId('notices-open').click()
  await page.getByTestId('locale').click()
  await until('the language is known', async () => (await page.evaluate(() => fetch('/api/warning-push').then((answer) => answer.json()))).browsers[0]?.lang === 'en')
  await shot(page, 'notices-on-en')
  await page.getByTestId('locale').click()
  await page.getByTestId('person-menu').click()
  await page.getByTestId('log-out').click()
  await page.getByTestId('login-name').waitFor()
  assert.deepEqual(page.faults, [])
  const again = await at('shift', '/warnings/notices')
  assert.equal((await again.evaluate(() => fetch('/api/warning-push').then((answer) => answer.json()))).browsers.length, 0)
})

test('what a browser cannot do is said, and the page tells while it is open', { timeout: 120_000 }, async () => {
  const refused = await at('shift', '/warnings')
  await refused.addInitScript(() => Object.defineProperty(Notification, 'permission', { get: () => 'denied' }))
  await refused.goto(`${city.base}/warnings/notices`)
  await notices(refused, 'denied')
  await shot(refused, 'notices-denied')
  assert.match(await refused.getByTestId('push-state').innerText(), /浏览器已禁止通知/)

  const alone = await at('shift', '/warnings', { width: 390, height: 844 })
  await alone.context().grantPermissions(['notifications'], { origin: city.base })
  await alone.goto(`${city.base}/warnings/notices`)
  await turn(alone)
  await notices(alone, 'page')
  await shot(alone, 'notices-page-phone')
  await turn(alone)
  await notices(alone, 'off')
  assert.deepEqual([...refused.faults, ...alone.faults], [])
  const anybody = await openPage(city, '/push-worker.js')
  assert.equal((await anybody.request.get(`${city.base}/push-worker.js`)).headers()['cache-control'], 'no-cache')
})
