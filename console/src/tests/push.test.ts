import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Problem } from '@/api/problem'
import { pushApi } from '@/resources/usePush'

const KEY = 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'

/** The worker in a browser of our own making. */
function worker(language = 'zh-CN') {
  const on = new Map<string, (event: unknown) => void>()
  const shown: { title: string; options: Record<string, any> }[] = []
  const tabs: { focused: boolean; focus: () => unknown; postMessage: (data: { open: string }, ports: MessagePort[]) => void }[] = []
  const opened: string[] = []
  const self = {
    navigator: { language }, addEventListener: (type: string, hear: (event: unknown) => void) => on.set(type, hear), skipWaiting: () => undefined,
    clients: { claim: () => undefined, matchAll: async () => tabs, openWindow: async (url: string) => opened.push(url) },
    registration: {
      showNotification: async (title: string, options: Record<string, any>) => {
        const at = shown.findIndex((each) => each.options.tag === options.tag)
        if (at >= 0) shown.splice(at, 1)
        shown.push({ title, options })
      },
      getNotifications: async ({ tag }: { tag: string }) => shown.filter((each) => each.options.tag === tag).map((each) => ({ data: each.options.data })),
    },
  }
  new Function('self', readFileSync('public/push-worker.js', 'utf8'))(self)
  const happen = async (type: string, event: object) => {
    let done: unknown
    on.get(type)!({ ...event, waitUntil: (promise: unknown) => (done = promise) })
    await done
  }
  return {
    shown, tabs, opened,
    push: (text: string | null) => happen('push', { data: text === null ? null : { json: () => JSON.parse(text) as unknown } }),
    click: async (data: unknown) => {
      const close = vi.fn()
      await happen('notificationclick', { notification: { data, close } })
      expect(close).toHaveBeenCalledOnce()
    },
  }
}
const note = (change: object = {}) => JSON.stringify({ warning: 7, seq: 1, grade: 'RED', lang: 'zh-CN', title: '红色预警发布：烟雾浓度', body: '车棚', at: '2026-11-29T08:00:00Z', asks: true, url: '/warnings/7', ...change })

describe('the worker of pushes', () => {
  it('shows what it is told, and a later word in the place of an earlier one', async () => {
    const { push, shown } = worker()
    await push(note())
    expect(shown).toMatchObject([{ title: '红色预警发布：烟雾浓度', options: { body: '车棚', tag: 'warning-7', lang: 'zh-CN', requireInteraction: true, renotify: true, silent: false, data: { url: '/warnings/7', seq: 1 } } }])
    await push(note({ seq: 3, title: '预警解除：烟雾浓度', asks: false }))
    await push(note({ seq: 2, title: '橙色预警降级：烟雾浓度' }))
    await push(note({ seq: 3, title: '预警解除：烟雾浓度', asks: false }))
    expect(shown).toMatchObject([{ title: '预警解除：烟雾浓度', options: { requireInteraction: false, renotify: false, silent: true } }])
    await push(note({ warning: 8, url: '/warnings/8' }))
    expect(shown).toHaveLength(2)
  })
  it('says something in the language of the browser where it was told nothing sound', async () => {
    const bad = [null, 'x', '{}', note({ url: 'https://evil.example/' }), note({ url: '//evil.example/warnings/7' }), note({ url: '/warnings/7/../../x' }), note({ seq: '1' })]
    const zh = worker()
    for (const each of bad) await zh.push(each)
    expect(zh.shown).toMatchObject([{ title: '有新的预警', options: { tag: 'warning', data: { url: '/warnings' } } }])
    const en = worker('en-GB')
    await en.push(null)
    expect(en.shown).toMatchObject([{ title: 'A new warning' }])
  })
  it('opens the warning in a tab that answers, else in a new one', async () => {
    const { click, tabs, opened } = worker()
    await click({ url: '/warnings/7' })
    expect(opened).toEqual(['/warnings/7'])
    const heard: string[] = []
    const tab = (focused: boolean, answers: boolean) => ({ focused, focus: vi.fn(), postMessage: (data: { open: string }, [port]: MessagePort[]) => { heard.push(`${focused} ${data.open}`); if (answers) port!.postMessage(true) } })
    tabs.push(tab(false, true), tab(true, false))
    await click({ url: '/warnings/9' })
    expect(heard).toEqual(['true /warnings/9', 'false /warnings/9'])
    expect(tabs.find((each) => !each.focused)!.focus).toHaveBeenCalledOnce()
    expect(opened).toHaveLength(1)
    await click(null)
    expect(heard.at(-1)).toBe('false /warnings')
  })
})

describe('the switch of pushes', () => {
  const store = new Map<string, string>()
  let permission: NotificationPermission
  let subscription: { unsubscribe: () => Promise<boolean>; toJSON: () => object; options: { applicationServerKey: ArrayBuffer | null } } | null
  let service: boolean
  const unsubscribed = vi.fn()

  beforeEach(async () => {
    vi.restoreAllMocks()
    unsubscribed.mockReset()
    store.clear()
    permission = 'default'
    subscription = null
    service = true
    const { bytes } = await import('@/live/push')
    const pushManager = {
      getSubscription: async () => subscription,
      subscribe: async (options: { userVisibleOnly: boolean; applicationServerKey: Uint8Array<ArrayBuffer> }) => {
        if (!service) throw new DOMException('push service error', 'AbortError')
        expect(options).toEqual({ userVisibleOnly: true, applicationServerKey: bytes(KEY) })
        return (subscription = { unsubscribe: async () => { subscription = null; unsubscribed(); return true }, toJSON: () => ({ endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' } }), options: { applicationServerKey: bytes(KEY).buffer } })
      },
    }
    const registration = { pushManager }
    vi.stubGlobal('localStorage', { getItem: (key: string) => store.get(key) ?? null, setItem: (key: string, value: string) => store.set(key, value), removeItem: (key: string) => store.delete(key) })
    vi.stubGlobal('Notification', { get permission() { return permission }, requestPermission: async () => (permission = permission === 'default' ? 'granted' : permission) })
    vi.stubGlobal('window', { isSecureContext: true, PushManager: class {} })
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140.0 Safari/537.36', serviceWorker: { register: async () => registration, ready: Promise.resolve(registration), getRegistration: async () => registration } })
    vi.spyOn(pushApi, 'own').mockResolvedValue({ key: KEY, browsers: [] })
    vi.spyOn(pushApi, 'seen').mockResolvedValue(undefined as never)
    vi.spyOn(pushApi, 'turnOff').mockResolvedValue(undefined as never)
    vi.spyOn(pushApi, 'turnOn').mockImplementation(async (browser) => ({ id: 5, name: browser.name, lang: browser.lang, madeAt: '', seenAt: '' }))
  })

  it('is turned on, found again, spoken to in another language, and turned off', async () => {
    const { findPush, pushId, pushState, speakPush, turnPushOff, turnPushOn } = await import('@/live/push')
    await findPush(1, 'zh-CN')
    expect(pushState.value).toBe('off')
    await turnPushOn(1, 'zh-CN')
    expect([pushState.value, pushId.value]).toEqual(['on', 5])
    expect(pushApi.turnOn).toHaveBeenCalledWith({ endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' }, lang: 'zh', name: 'Chrome · Windows' })
    pushState.value = 'off'
    await findPush(1, 'zh-CN')
    expect([pushState.value, pushId.value]).toEqual(['on', 5])
    await speakPush('en')
    expect(pushApi.seen).toHaveBeenLastCalledWith(5, 'en')
    await turnPushOff()
    expect([pushState.value, pushId.value, unsubscribed.mock.calls.length, store.size]).toEqual(['off', undefined, 1, 0])
  })
  it('is of one person: the next one begins with it off, and so does who signed out or was removed elsewhere', async () => {
    const { findPush, leavePush, pushState, turnPushOn } = await import('@/live/push')
    await turnPushOn(1, 'en')
    await findPush(2, 'en')
    expect([pushState.value, subscription, store.size]).toEqual(['off', null, 0])
    await turnPushOn(1, 'en')
    await leavePush()
    expect([pushState.value, subscription, store.size]).toEqual(['off', null, 0])
    await turnPushOn(1, 'en')
    vi.mocked(pushApi.seen).mockRejectedValue(new Problem({}, 404))
    await findPush(1, 'en')
    expect([pushState.value, subscription, store.size]).toEqual(['off', null, 0])
  })
  it('stays as it was while the server cannot be reached', async () => {
    const { findPush, pushState, turnPushOn } = await import('@/live/push')
    await turnPushOn(1, 'en')
    vi.mocked(pushApi.seen).mockRejectedValue(new Problem({}, 503))
    await findPush(1, 'en')
    expect(pushState.value).toBe('on')
  })
  it('tells from the open page where no push service can be reached, and leaves nothing where the server refuses', async () => {
    const { findPush, pushState, turnPushOn } = await import('@/live/push')
    service = false
    await turnPushOn(1, 'zh-CN')
    expect([pushState.value, vi.mocked(pushApi.turnOn).mock.calls.length]).toEqual(['page', 0])
    await findPush(1, 'zh-CN')
    expect(pushState.value).toBe('page')
    service = true
    vi.mocked(pushApi.turnOn).mockRejectedValueOnce(new Problem({}, 422))
    await expect(turnPushOn(1, 'zh-CN')).rejects.toBeInstanceOf(Problem)
    expect(subscription).toBeNull()
  })
  it('says where the browser forbids or lacks it', async () => {
    const { findPush, pushState, turnPushOn } = await import('@/live/push')
    permission = 'denied'
    await turnPushOn(1, 'en')
    expect(pushState.value).toBe('denied')
    await findPush(1, 'en')
    expect(pushState.value).toBe('denied')
    vi.stubGlobal('window', { isSecureContext: false })
    await findPush(1, 'en')
    expect(pushState.value).toBe('unsupported')
  })
  it('names browsers', async () => {
    const { browserName } = await import('@/live/push')
    expect(browserName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit Version/18.0 Mobile Safari/604.1')).toBe('Safari · iOS')
    expect(browserName('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe('Firefox · Linux')
    expect(browserName('Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0')).toBe('Edge · Windows')
    expect(browserName('?')).toBe('Web')
  })
})
