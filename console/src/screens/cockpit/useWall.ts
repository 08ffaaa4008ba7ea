import { onBeforeUnmount, ref, shallowRef } from 'vue'

/** One picture of the wall: an area, or a place with a name. */
export type WallView = { area: string; name: string } | { spot: [number, number]; name: string }

export const INTERVALS = [10, 20, 40, 60] as const
const STORED = 'citywide.wall-seconds'

/** How many seconds each view stays, as it was set last on this device. */
export function storedInterval(text: string | null): number {
  const seconds = Number(text)
  return (INTERVALS as readonly number[]).includes(seconds) ? seconds : 20
}

/** Cycles through views over the whole screen until it is ended. `show` shows one of them. */
export function useWall(views: () => WallView[], show: (view: WallView) => void) {
  const on = ref(false)
  const paused = ref(false)
  const seconds = ref(storedInterval(localStorage.getItem(STORED)))
  const at = ref(0)
  const all = shallowRef<WallView[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined

  function wait() {
    clearTimeout(timer)
    if (on.value && !paused.value) timer = setTimeout(next, seconds.value * 1000)
  }
  function next() {
    // Asked again each round, so that hot places are those of now.
    if (at.value + 1 >= all.value.length) all.value = views()
    at.value = all.value.length === 0 ? 0 : (at.value + 1) % all.value.length
    const view = all.value[at.value]
    if (view) show(view)
    wait()
  }
  function start() {
    all.value = views()
    at.value = 0
    on.value = true
    paused.value = false
    // Where the browser refuses the full screen, the window is used whole.
    void document.documentElement.requestFullscreen?.().catch(() => undefined)
    const view = all.value[0]
    if (view) show(view)
    wait()
  }
  function end() {
    on.value = false
    clearTimeout(timer)
    if (document.fullscreenElement) void document.exitFullscreen()
  }
  function pause(given: boolean) {
    paused.value = given
    wait()
  }
  function setSeconds(given: number) {
    seconds.value = given
    localStorage.setItem(STORED, String(given))
    wait()
  }
  // Esc leaves the full screen before the page hears of it.
  const left = () => {
    if (!document.fullscreenElement && on.value) end()
  }
  document.addEventListener('fullscreenchange', left)
  onBeforeUnmount(() => {
    document.removeEventListener('fullscreenchange', left)
    end()
  })
  return { on, paused, seconds, at, all, start, end, next, pause, setSeconds }
}
