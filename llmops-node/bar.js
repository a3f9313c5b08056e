'use strict'

const WIDTH = 30

const mebibytes = (count) => (count / 2 ** 20).toFixed(1)

/** Tells how far it is: by a bar where somebody looks at it, elsewhere by a line at the end. */
const bar = (to) => (sent, total) => {
  const done = sent >= total
  if (to.isTTY) {
    const filled = done ? WIDTH : Math.floor((sent * WIDTH) / total)
    to.write(`\r[${'='.repeat(filled).padEnd(WIDTH)}] ${mebibytes(sent)}/${mebibytes(total)} MiB${done ? '\n' : ''}`)
  } else if (done) {
    to.write(`sent ${mebibytes(total)} MiB\n`)
  }
}

module.exports = { bar }
