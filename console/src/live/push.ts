import { ref } from 'vue'
import { Problem } from '@/api/problem'
import { pushApi, type NewBrowser } from '@/resources/usePush'

/**
 * Whether this browser tells its person of warnings: `on` by its push service, also while the console is closed; `page` while a tab of the
 * console is open, because there is no push service to reach. Turned on and off by a person, for this browser alone.
 */
export type PushState = 'unsupported' | 'denied' | 'off' | 'page' | 'on'

export const pushState = ref<PushState>('off')
/** This browser among one's own. */
export const pushId = ref<number>()

const WORKER = '/push-worker.js'
const SERVICE_WITHIN = 15_000
const STORED = 'citywide.push'
type Lang = NewBrowser['lang']

/** Who turned it on here: what somebody else left behind tells the next person nothing. */
interface Stored { person: number; id: number | null }

function stored(): Stored | undefined {
  try {
    const value = JSON.parse(localStorage.getItem(STORED) ?? 'null') as Stored | null
    return value && typeof value.person === 'number' ? value : undefined
  } catch {
    return undefined
  }
}
function keep(value: Stored | undefined): void {
  if (value) localStorage.setItem(STORED, JSON.stringify(value))
  else localStorage.removeItem(STORED)
}
function settle(state: PushState, id?: number): void {
  pushState.value = state
  pushId.value = id
}

export const langOf = (locale: string): Lang => (locale === 'en' ? 'en' : 'zh')

function possible(): boolean {
  return typeof Notification !== 'undefined' && window.isSecureContext
}
async function subscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker?.getRegistration('/')
  return (await registration?.pushManager?.getSubscription()) ?? null
}
async function drop(): Promise<void> {
  await subscription().then((each) => each?.unsubscribe()).catch(() => undefined)
}

/** Finds out how it is for the person who has just come, and tells the server that the browser is there again. */
export async function findPush(person: number, locale: string): Promise<void> {
  if (!possible()) return settle('unsupported')
  const mine = stored()
  if (mine?.person !== person || Notification.permission !== 'granted') {
    await drop()
    keep(undefined)
    return settle(Notification.permission === 'denied' ? 'denied' : 'off')
  }
  if (mine.id === null) return settle('page')
  settle('on', mine.id)
  try {
    if (!(await subscription())) throw new Error('the browser has let go of it')
    await pushApi.seen(mine.id, langOf(locale))
  } catch (thrown) {
    // Not reached: then it is as it was.
    if (thrown instanceof Problem && thrown.status !== 404) return
    await drop()
    keep(undefined)
    settle('off')
  }
}

/** Asks the person, the browser and the server, in this order; throws the {@link Problem} of the server. */
export async function turnPushOn(person: number, locale: string): Promise<void> {
  if (!possible()) return settle('unsupported')
  const answer = await Notification.requestPermission()
  if (answer !== 'granted') return settle(answer === 'denied' ? 'denied' : 'off')
  const { key } = await pushApi.own()
  const given = await subscribe(key)
  if (!given) {
    keep({ person, id: null })
    return settle('page')
  }
  const { endpoint, keys } = given.toJSON()
  try {
    const { id } = await pushApi.turnOn({ endpoint: endpoint!, keys: { p256dh: keys!.p256dh!, auth: keys!.auth! }, lang: langOf(locale), name: browserName(navigator.userAgent) })
    keep({ person, id })
    settle('on', id)
  } catch (thrown) {
    await given.unsubscribe().catch(() => undefined)
    throw thrown
  }
}

/** `undefined` where the browser has no push service, or cannot reach it. */
async function subscribe(key: string): Promise<PushSubscription | undefined> {
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return undefined
  try {
    await navigator.serviceWorker.register(WORKER)
    const { pushManager } = await navigator.serviceWorker.ready
    const before = await pushManager.getSubscription()
    // One for another key of the server is of no use.
    if (before && !sameKey(before.options.applicationServerKey, key)) await before.unsubscribe()
    return await within(SERVICE_WITHIN, pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) }))
  } catch {
    return undefined
  }
}

/** A browser whose push service is cut off may try for minutes. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    return await Promise.race([work, new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error('too late')), milliseconds)))])
  } finally {
    clearTimeout(timer)
  }
}

export async function turnPushOff(): Promise<void> {
  const id = stored()?.id
  if (typeof id === 'number')
    await pushApi.turnOff(id).catch((thrown: unknown) => {
      if (!(thrown instanceof Problem) || thrown.status !== 404) throw thrown
    })
  await drop()
  keep(undefined)
  settle(possible() && Notification.permission === 'denied' ? 'denied' : 'off')
}

/** Before signing out; the server forgets the browser with the session. */
export async function leavePush(): Promise<void> {
  if (!stored()) return
  keep(undefined)
  settle('off')
  await drop()
}

/** The person reads another language from now on. */
export async function speakPush(locale: string): Promise<void> {
  if (pushId.value !== undefined) await pushApi.seen(pushId.value, langOf(locale)).catch(() => undefined)
}

/** While a tab is open: one for each warning and step, the same said again replaces it. */
export function showFromPage(title: string, body: string, tag: string, open: () => void): void {
  if (pushState.value !== 'page' || Notification.permission !== 'granted') return
  let shown: Notification
  try {
    shown = new Notification(title, { body, tag, icon: '/favicon.svg' })
  } catch {
    return // on a phone only a worker may
  }
  shown.onclick = () => {
    window.focus()
    open()
    shown.close()
  }
}

/** Hears what the worker wants opened; returns the way to stop. */
export function onPushOpened(open: (path: string) => void): () => void {
  const hear = (event: MessageEvent) => {
    const path = (event.data as { open?: unknown } | null)?.open
    if (typeof path !== 'string' || !/^\/warnings(\/\d+)?$/.test(path)) return
    event.ports[0]?.postMessage(true)
    open(path)
  }
  const { serviceWorker } = navigator
  serviceWorker?.addEventListener('message', hear)
  return () => serviceWorker?.removeEventListener('message', hear)
}

export function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(binary, (each) => each.charCodeAt(0))
}
function sameKey(own: ArrayBuffer | null, key: string): boolean {
  if (!own) return false
  const [a, b] = [new Uint8Array(own), bytes(key)]
  return a.length === b.length && a.every((each, i) => each === b[i])
}

/** By which its owner knows it: `Chrome · Windows`. */
export function browserName(agent: string): string {
  const first = (...of: [RegExp, string][]) => of.find(([pattern]) => pattern.test(agent))?.[1]
  const browser = first([/Edg\//, 'Edge'], [/Firefox\//, 'Firefox'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari']) ?? 'Web'
  const system = first([/HarmonyOS/, 'HarmonyOS'], [/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS/, 'macOS'], [/Linux/, 'Linux'])
  return system ? `${browser} · ${system}` : browser
}
