// The pages in a real browser against the real server: journeys with the mouse and with the keyboard alone, every page as it looks,
// content of strangers, long lists. `llmops-server` is found on the path. Names select: UI_TESTS="story work session ended shell talks keys jobs endpoints audits experiments measures projects parts
// leaving datasets drafts cards lists live windows tokens policies approval contamination external imports exports trash hostile scale pages"; UI_DATA is the folder of a platform on
// which the story was told; UI_PATHS="/chat /costs" are the only pages looked at.
import { execFileSync } from 'node:child_process'
import test, { after, describe } from 'node:test'
import { partsTests, projectTests } from './apart.mjs'
import { approvalTests } from './approval.mjs'
import { auditTests } from './audits.mjs'
import { close } from './browser.mjs'
import { cardTests } from './cards.mjs'
import { contaminationTests } from './contamination.mjs'
import { datasetTests } from './datasets.mjs'
import { draftTests } from './drafts.mjs'
import { endedTests } from './ended.mjs'
import { endpointTests } from './endpoints.mjs'
import { experimentTests } from './experiments.mjs'
import { exportTests } from './exports.mjs'
import { externalTests } from './external.mjs'
import { hostileTests } from './hostile.mjs'
import { importTests } from './imports.mjs'
import { jobTests } from './jobs.mjs'
import { keyTests } from './keys.mjs'
import { leavingTests } from './leaving.mjs'
import { listTests } from './lists.mjs'
import { liveTests } from './live.mjs'
import { measureTests } from './measures.mjs'
import { pagesTests } from './pages.mjs'
import { folder, Platform } from './platform.mjs'
import { policyTests } from './policies.mjs'
import { scaleTests } from './scale.mjs'
import { shellTests } from './shell.mjs'
import { storyTests, told } from './story.mjs'
import { talkTests } from './talks.mjs'
import { tokenTests } from './tokens.mjs'
import { trashTests } from './trash.mjs'
import { windowTests } from './windows.mjs'
import { sessionTests, workTests } from './work.mjs'

/** A million tokens costs something too: pages show what an answer did. */
const PRICES = { version: 'local-2', cpuHour: '0.04', models: { '*': { input: '2', cachedInput: '0.5', output: '8' } } }

let running
/** A platform on which the whole story was told: by a journey if they were walked, else by the quickstart. */
async function platformOf() {
  const begin = async () => {
    let data = process.env.UI_DATA ?? told()
    if (!data) {
      data = folder()
      execFileSync('llmops-server', ['quickstart', '--data', data, '--exit'], { stdio: 'ignore' })
    }
    return new Platform(data, { LLMOPS_TRASH_DAYS: '7', LLMOPS_PRICES: JSON.stringify(PRICES) }).start()
  }
  return (running ??= begin())
}

const wanted = (process.env.UI_TESTS ?? 'story work session ended shell talks keys jobs endpoints audits experiments measures projects parts leaving datasets drafts cards lists live windows tokens policies approval contamination external imports exports trash hostile scale pages').split(' ')
const suites = {
  story: storyTests, work: workTests, session: sessionTests, ended: endedTests, shell: shellTests, talks: talkTests, keys: keyTests, jobs: jobTests, endpoints: endpointTests, audits: auditTests, experiments: experimentTests, measures: measureTests, projects: projectTests, parts: partsTests, leaving: leavingTests, datasets: datasetTests, drafts: draftTests, cards: cardTests, lists: listTests, live: liveTests, windows: windowTests, tokens: tokenTests, policies: policyTests, approval: approvalTests, contamination: contaminationTests, external: externalTests,
  imports: importTests, exports: exportTests, trash: trashTests, hostile: hostileTests, scale: scaleTests, pages: pagesTests,
}
// These start platforms of their own and wait for servers and animations most of the time: two tests at once.
const apart = new Set(['projects', 'parts', 'leaving', 'policies', 'approval', 'external', 'imports', 'exports', 'trash'])
describe('with platforms of their own', { concurrency: 2 }, () => {
  for (const name of wanted.filter((name) => apart.has(name))) suites[name](platformOf)
})
for (const name of wanted.filter((name) => !apart.has(name))) suites[name](platformOf)
// A test and not a hook: endpoints outlive their server, and the run may be ended before a hook is through.
test('nothing of it runs on', async () => {
  if (running || told()) await (await platformOf()).close()
})
after(close)
