'use strict'

/** A failure: `kind` and `code` for programs, `message` and `hint` for people. */
class LlmOpsError extends Error {
  constructor({ message, kind, code, field, hint, details, requestId, retryable, retryAfterMs }) {
    super(hint ? `${message}; ${hint}` : message)
    this.name = 'LlmOpsError'
    Object.assign(this, { kind, code, retryable: retryable ?? false })
    for (const [key, value] of Object.entries({ field, hint, details, requestId, retryAfterMs })) {
      if (value !== undefined) this[key] = value
    }
  }
}

/** The value of an envelope's text, or its error thrown. */
function thrown(text) {
  const { value, error } = JSON.parse(text)
  if (error) throw new LlmOpsError(error)
  return value
}

/** What the engine opened, or the error whose text it gave instead. */
function opened(given) {
  if (typeof given === 'string') throw new LlmOpsError(JSON.parse(given))
  return given
}

module.exports = { LlmOpsError, opened, thrown }
