/** What each call tells the server. */

/** That it comes from one of our pages: a form of another site cannot send it. */
export const OURS = { 'X-Requested-With': 'llmops' }

let project: string | undefined
/** From now on the page is in this project. */
export const goInto = (name: string | undefined) => void (project = name)

/** The same, and where it belongs: all pages share one session, and another may just have gone with it to another project. */
export const ours = (): Record<string, string> => (project === undefined ? OURS : { ...OURS, 'X-LLMOps-Project': project })
