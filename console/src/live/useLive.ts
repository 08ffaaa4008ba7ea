import { ref, shallowRef, watch } from 'vue'
import { defineStore } from 'pinia'
import { api, reportUnauthenticated } from '@/api/client'
import { Problem } from '@/api/problem'
import type { CaseNotice } from '@/api/types/cases'
import type { SignalNotice } from '@/api/types/signals'

type Listener<T> = (notice: T) => void

/** Wait before a new attempt, in milliseconds: 1 s, 2 s, 4 s … 30 s. */
export function backoff(attempt: number): number {
  return Math.min(30_000, 1000 * 2 ** Math.max(0, attempt - 1))
}

/**
 * The one event stream of `/api/live`. It reconnects by itself; after a gap every listener of `onResync` reads again,
 * because notices sent meanwhile are lost.
 */
export const useLive = defineStore('live', () => {
  const connected = ref(false)
  /** The last call or the stream did not reach the server. */
  const unreachable = ref(false)
  const lastNotice = shallowRef<CaseNotice>()

  const caseListeners = new Set<Listener<CaseNotice>>()
  const signalListeners = new Set<Listener<SignalNotice>>()
  const resyncListeners = new Set<Listener<void>>()
  /** Of any other type of notice, such as those that a layer of the map names. */
  const typedListeners = new Map<string, Set<Listener<unknown>>>()

  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let everConnected = false

  function read<T>(event: Event): T | undefined {
    try {
      return JSON.parse((event as MessageEvent<string>).data) as T
    } catch {
      return undefined
    }
  }

  function start(): void {
    if (source) return
    source = new EventSource('/api/live')
    source.onopen = () => {
      connected.value = true
      unreachable.value = false
      attempt = 0
      if (everConnected) for (const listener of resyncListeners) listener()
      everConnected = true
    }
    source.onerror = () => {
      connected.value = false
      // Closed for good (e.g. 502 or 401): the browser does not try again, so we do.
      if (source?.readyState === EventSource.CLOSED) {
        source = undefined
        attempt += 1
        clearTimeout(timer)
        timer = setTimeout(() => void again(), backoff(attempt))
      }
    }
    source.addEventListener('case', (event) => {
      const notice = read<CaseNotice>(event)
      if (!notice) return
      lastNotice.value = notice
      for (const listener of caseListeners) listener(notice)
    })
    // An import or another calendar changes many cases at once.
    for (const name of ['import', 'calendar'])
      source.addEventListener(name, () => {
        for (const listener of resyncListeners) listener()
      })
    source.addEventListener('signal', (event) => {
      const notice = read<SignalNotice>(event)
      if (notice) for (const listener of signalListeners) listener(notice)
    })
    for (const type of typedListeners.keys()) hear(type)
  }

  function hear(type: string): void {
    source?.addEventListener(type, (event) => {
      const notice = read<unknown>(event)
      for (const listener of typedListeners.get(type) ?? []) listener(notice)
    })
  }
  function onType(type: string, listener: Listener<unknown>): () => void {
    const known = typedListeners.get(type)
    const set = known ?? new Set()
    if (!known) {
      typedListeners.set(type, set)
      hear(type)
    }
    return subscribe(set, listener)
  }

  /** The stream does not tell why it was closed; the session does. */
  async function again(): Promise<void> {
    try {
      await api.get('/session')
    } catch (thrown) {
      if (thrown instanceof Problem && thrown.status === 401) return reportUnauthenticated()
    }
    start()
  }

  // While a call has not reached the server, ask whether it is back: the stream may not have noticed the gap.
  let probe: ReturnType<typeof setTimeout> | undefined
  watch(unreachable, (lost) => {
    clearTimeout(probe)
    if (lost) probe = setTimeout(() => void ask(), 2000)
    else if (everConnected) for (const listener of resyncListeners) listener()
  })
  async function ask(): Promise<void> {
    await api.get('/health').catch(() => undefined)
    if (unreachable.value) probe = setTimeout(() => void ask(), 3000)
  }

  function stop(): void {
    clearTimeout(timer)
    source?.close()
    source = undefined
    connected.value = false
    everConnected = false
  }

  function subscribe<T>(set: Set<Listener<T>>, listener: Listener<T>): () => void {
    set.add(listener)
    return () => set.delete(listener)
  }

  return {
    connected,
    unreachable,
    lastNotice,
    start,
    stop,
    /** Each returns the way to stop listening. */
    onCase: (listener: Listener<CaseNotice>) => subscribe(caseListeners, listener),
    onSignal: (listener: Listener<SignalNotice>) => subscribe(signalListeners, listener),
    onResync: (listener: Listener<void>) => subscribe(resyncListeners, listener),
    onType,
  }
})

/** Calls `run` at most once per `milliseconds`, the last time after the burst has ended. */
export function calm(run: () => void, milliseconds: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = 0
  return () => {
    const wait = last + milliseconds - Date.now()
    clearTimeout(timer)
    if (wait <= 0) {
      last = Date.now()
      run()
    } else {
      timer = setTimeout(() => {
        last = Date.now()
        run()
      }, wait)
    }
  }
}
