/** What the server says when it refuses (RFC 9457), or what we say when it cannot be reached. */
export interface ProblemBody {
  type?: string
  title?: string
  status?: number
  detail?: string
  code?: string
  [extra: string]: unknown
}

export class Problem extends Error {
  readonly status: number
  /** Stable code, e.g. `case.changed`; `network` when no answer came, `http` when the answer was not a problem document. */
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly body: ProblemBody

  constructor(body: ProblemBody, status: number) {
    super(body.title ?? body.detail ?? `HTTP ${status}`)
    this.status = status
    this.code = body.code ?? (status === 0 ? 'network' : 'http')
    this.title = body.title ?? ''
    this.detail = body.detail ?? ''
    this.body = body
  }

  static network(): Problem {
    return new Problem({}, 0)
  }

  /** Any thrown thing as a problem, so that a screen has one kind of failure to show. */
  static from(thrown: unknown): Problem {
    if (thrown instanceof Problem) return thrown
    return new Problem({ code: 'console', detail: thrown instanceof Error ? thrown.message : String(thrown) }, -1)
  }
}
