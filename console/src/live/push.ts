import { ref } from 'vue'

/** Whether the browser shows warnings while this console is open in some tab: no service beyond this server is asked. */
export const pushState = ref<'off' | 'on' | 'refused' | 'impossible'>(now())

function now(): 'off' | 'on' | 'refused' | 'impossible' {
  if (typeof Notification === 'undefined' || !window.isSecureContext) return 'impossible'
  return Notification.permission === 'granted' ? 'on' : Notification.permission === 'denied' ? 'refused' : 'off'
}

export async function turnPushOn(): Promise<void> {
  if (pushState.value === 'impossible') return
  await Notification.requestPermission()
  pushState.value = now()
}

/** One for each warning and step: the same said again replaces it. */
export function push(title: string, body: string, tag: string, open: () => void): void {
  if (now() !== 'on') return
  const shown = new Notification(title, { body, tag })
  shown.onclick = () => {
    window.focus()
    open()
    shown.close()
  }
}
