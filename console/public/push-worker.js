// Shows what the server pushes, and opens it on a click. Served from the root, so that it may answer for every page of the console; it
// fetches nothing and keeps nothing. What it is told: server/…/sensing/internal/warning/PushNote.java.
const LIST = '/warnings'

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('push', (event) => event.waitUntil(show(read(event.data))))
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(event.notification.data?.url ?? LIST))
})

/** The note, or `undefined` where it is none. */
function read(data) {
  try {
    const note = data.json()
    const sound = Number.isSafeInteger(note.warning) && Number.isSafeInteger(note.seq) && typeof note.title === 'string' && typeof note.body === 'string' && /^\/warnings\/\d+$/.test(note.url)
    return sound ? note : undefined
  } catch {
    return undefined
  }
}

async function show(note) {
  // A push must show something, or the browser says so in words of its own.
  if (!note) {
    const zh = self.navigator.language.startsWith('zh')
    return self.registration.showNotification(zh ? '有新的预警' : 'A new warning', { tag: 'warning', icon: '/favicon.svg', data: { url: LIST } })
  }
  const tag = `warning-${note.warning}`
  // The same word again, or an earlier one that took longer: what is shown stays.
  const shown = await self.registration.getNotifications({ tag })
  if (shown.some((each) => each.data?.seq >= note.seq)) return
  const asks = note.asks === true
  await self.registration.showNotification(note.title, {
    body: note.body, tag, lang: note.lang, icon: '/favicon.svg', timestamp: Date.parse(note.at) || undefined,
    renotify: asks, silent: !asks, requireInteraction: asks && note.grade === 'RED', data: { url: note.url, seq: note.seq },
  })
}

/** In a tab of the console that is open, without loading it anew; else in a new one. */
async function open(url) {
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  for (const tab of tabs.sort((a, b) => Number(b.focused) - Number(a.focused)))
    if (await takes(tab, url)) return tab.focus()
  return self.clients.openWindow(url)
}

function takes(tab, url) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    const late = setTimeout(() => resolve(false), 500)
    port1.onmessage = (answer) => {
      clearTimeout(late)
      resolve(answer.data === true)
    }
    tab.postMessage({ open: url }, [port2])
  })
}
