'use strict'

const { LlmOps, LlmOpsError, connect, open } = require('./client.js')

module.exports = { LlmOps, LlmOpsError, connect, open, version: require('./package.json').version }
