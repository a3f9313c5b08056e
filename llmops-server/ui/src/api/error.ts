/** What went wrong with a call, in the words of the server. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly kind: string,
    message: string,
    readonly more: { code?: string; hint?: string; field?: string; requestId?: string; retryable?: boolean; details?: unknown } = {},
  ) {
    super(message)
    this.name = 'ApiError'
  }

  /** Whether the server could not be reached at all. */
  get isNetwork(): boolean {
    return this.kind === 'network'
  }
}

/** Reads a refused answer. One that is not in our envelope did not come from our server: a proxy in between says it is away. */
export async function errorOf(response: Response): Promise<ApiError> {
  return errorIn(response, await response.json().catch(() => undefined))
}

/** The same for a body that was read. */
export function errorIn(response: Response, body: unknown): ApiError {
  const error = (body as { error?: Record<string, unknown> } | undefined)?.error
  if (error && typeof error === 'object') return apiError(response.status, error)
  const requestId = response.headers.get('x-request-id') ?? undefined
  if (response.status >= 500) return unreachable()
  return new ApiError(response.status, 'unexpected', `HTTP ${response.status}`, { requestId })
}

/** The error that an envelope or a stream carries. */
export function apiError(status: number, said: Record<string, unknown>): ApiError {
  const text = (key: string) => (typeof said[key] === 'string' ? (said[key] as string) : undefined)
  return new ApiError(status, text('kind') ?? 'unexpected', text('message') ?? `HTTP ${status}`, {
    code: text('code'),
    hint: text('hint'),
    field: text('field'),
    requestId: text('requestId'),
    retryable: said.retryable === true,
    details: said.details,
  })
}

export function unreachable(): ApiError {
  return new ApiError(0, 'network', 'the server cannot be reached', { retryable: true })
}

/** Anything thrown, as an `ApiError`. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  return new ApiError(0, 'unexpected', thrown instanceof Error ? thrown.message : String(thrown))
}
