/** A command that asks the server of this page, whichever machine it is typed on. */
import { ROOT } from '@/api/client'

export const command = (text: string) => `llmops-server ${text} --url ${ROOT}`
