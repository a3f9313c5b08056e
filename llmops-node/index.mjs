import llmops from './index.js'

export const { LlmOps, LlmOpsError, connect, open, version } = llmops
export default llmops
