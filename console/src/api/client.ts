import { Problem, type ProblemBody } from './problem'

/** Values of a query string; `undefined`, `null` and `''` are left out, arrays repeat the key. */
export type Query = Record<string, string | number | boolean | null | undefined | readonly (string | number)[]>

interface Hooks {
  /** A call was refused because nobody is logged in (any more). */
  onUnauthenticated: () => void
  /** Whether the last call reached the server. */
  onReachable: (reachable: boolean) => void
  locale: () => string
}

const hooks: Hooks = { onUnauthenticated: () => {}, onReachable: () => {}, locale: () => 'zh-CN' }

export function configureClient(given: Partial<Hooks>): void {
  Object.assign(hooks, given)
}

/** Tells the session that it has ended, where another than a call found out. */
export function reportUnauthenticated(): void {
  hooks.onUnauthenticated()
}

export function url(path: string, query?: Query): string {
  if (!query) return `/api${path}`
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue
    if (Array.isArray(value)) for (const each of value) params.append(key, String(each))
    else params.set(key, String(value))
  }
  const text = params.toString()
  return `/api${path}${text ? `?${text}` : ''}`
}

export function xsrfToken(cookies: string = document.cookie): string | undefined {
  const match = /(?:^|;\s*)XSRF-TOKEN=([^;]+)/.exec(cookies)
  return match?.[1] === undefined ? undefined : decodeURIComponent(match[1])
}

function headers(method: string, json: boolean): Record<string, string> {
  const result: Record<string, string> = { Accept: 'application/json, application/problem+json', 'Accept-Language': hooks.locale() }
  if (json) result['Content-Type'] = 'application/json'
  const token = method === 'GET' ? undefined : xsrfToken()
  if (token) result['X-XSRF-TOKEN'] = token
  return result
}

function parse(text: string, contentType: string | null): unknown {
  if (!text) return undefined
  return contentType?.includes('json') ? JSON.parse(text) : text
}

/** Turns an unsuccessful answer into a {@link Problem}; tells the session when it has ended. */
function refuse(status: number, body: unknown, path: string): Problem {
  if (status === 401 && !path.startsWith('/session')) hooks.onUnauthenticated()
  return new Problem(typeof body === 'object' && body !== null ? (body as ProblemBody) : {}, status)
}

export interface CallOptions {
  query?: Query
  signal?: AbortSignal
  /** Further headers. */
  headers?: Record<string, string>
}

async function call<T>(method: string, path: string, body: unknown, options: CallOptions = {}): Promise<T> {
  let answer: Response
  let text: string
  try {
    answer = await fetch(url(path, options.query), {
      method,
      headers: { ...headers(method, body !== undefined), ...options.headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      signal: options.signal,
    })
    text = await answer.text()
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown
    hooks.onReachable(false)
    throw Problem.network()
  }
  hooks.onReachable(true)
  const parsed = parse(text, answer.headers.get('Content-Type'))
  if (!answer.ok) throw refuse(answer.status, parsed, path)
  return parsed as T
}

/** A POST that tells how much of it has left. */
function transfer<T>(path: string, query: Query | undefined, body: Blob | FormData, further: Record<string, string>, onProgress: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', url(path, query))
    for (const [name, value] of Object.entries({ ...headers('POST', false), ...further })) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onerror = () => {
      hooks.onReachable(false)
      reject(Problem.network())
    }
    request.onload = () => {
      let answer: unknown
      try {
        answer = parse(request.responseText, request.getResponseHeader('Content-Type'))
      } catch {
        answer = undefined
      }
      if (request.status >= 200 && request.status < 300) resolve(answer as T)
      else reject(refuse(request.status, answer, path))
    }
    request.send(body)
  })
}

/** The server's HTTP API; every failure is a {@link Problem}. Paths are relative to `/api`. */
export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => call<T>('GET', path, undefined, { query, signal }),
  post: <T>(path: string, body: unknown = {}, query?: Query, headers?: Record<string, string>, signal?: AbortSignal) => call<T>('POST', path, body, { query, headers, signal }),
  put: <T>(path: string, body: unknown, query?: Query) => call<T>('PUT', path, body, { query }),
  delete: <T = void>(path: string) => call<T>('DELETE', path, undefined),

  /** Sends a text or a file as it is, e.g. CSV. */
  async postText<T>(path: string, text: string | Blob, contentType: string): Promise<T> {
    let answer: Response
    try {
      answer = await fetch(url(path), {
        method: 'POST',
        headers: { ...headers('POST', false), 'Content-Type': contentType },
        body: text,
        credentials: 'same-origin',
      })
    } catch {
      hooks.onReachable(false)
      throw Problem.network()
    }
    const parsed = parse(await answer.text(), answer.headers.get('Content-Type'))
    if (!answer.ok) throw refuse(answer.status, parsed, path)
    return parsed as T
  },

  /** Asks for a file by a question in JSON; its name as the server gives it. */
  async postForFile(path: string, body: unknown): Promise<{ blob: Blob; name: string | undefined }> {
    let answer: Response
    try {
      answer = await fetch(url(path), { method: 'POST', headers: { ...headers('POST', true), Accept: '*/*' }, body: JSON.stringify(body), credentials: 'same-origin' })
    } catch {
      hooks.onReachable(false)
      throw Problem.network()
    }
    if (!answer.ok) throw refuse(answer.status, parse(await answer.text(), answer.headers.get('Content-Type')), path)
    return { blob: await answer.blob(), name: /filename="?([^";]+)"?/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] }
  },

  /** Uploads one file as multipart field `file`; `onProgress` gets 0..1. */
  upload<T>(path: string, file: File, onProgress: (share: number) => void = () => {}): Promise<T> {
    const form = new FormData()
    form.append('file', file)
    return transfer<T>(path, undefined, form, {}, onProgress)
  },

  /** Sends a large body as it is; `onProgress` gets 0..1, 1 once it has all left. */
  send: <T>(path: string, body: Blob, contentType: string, query: Query, onProgress: (share: number) => void) => transfer<T>(path, query, body, { 'Content-Type': contentType }, onProgress),
}
