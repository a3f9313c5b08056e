'use strict'

const { StringDecoder } = require('node:string_decoder')
const { LlmOpsError } = require('./errors.js')

/** The rows of a dataset. Each `for await` reads them anew, as they are taken; leaving it hangs up. */
class Rows {
  #begin

  /** `begin` asks for the rows as JSON lines. */
  constructor(begin) {
    this.#begin = begin
  }

  async *[Symbol.asyncIterator]() {
    const decoder = new StringDecoder('utf8')
    const download = await this.#begin()
    let rest = []
    // Leaving this loop closes the download.
    for await (const chunk of download) {
      const text = decoder.write(chunk)
      const end = text.lastIndexOf('\n')
      if (end < 0) {
        rest.push(text)
        continue
      }
      const whole = [...rest, text.slice(0, end)].join('')
      rest = [text.slice(end + 1)]
      for (const line of whole.split('\n')) yield JSON.parse(line)
    }
    if (rest.some((text) => text)) {
      const message = 'the rows broke off in the middle of one'
      throw new LlmOpsError({ kind: 'unavailable', code: 'unavailable', message, retryable: true })
    }
  }
}

module.exports = { Rows }
