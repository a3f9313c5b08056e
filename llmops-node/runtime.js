'use strict'

// The local runtime: the processes that an embedded platform starts to do its work begin here.

const { runtimeMain } = require('./llmops.node')

process.exit(runtimeMain(process.argv.slice(2)))
