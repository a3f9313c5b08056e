/** Parts that come when they are first needed: pages, and tabs behind the first. */
import { type AsyncComponentLoader, defineAsyncComponent } from 'vue'
import { ROOT } from '@/api/client'
import { lost, whenBack } from '@/api/link'
import { loadTexts } from '@/use/texts'

export const isNotLoaded = (thrown: unknown) => thrown instanceof TypeError && /import|fetch|load/i.test(thrown.message)

/** What to do about a part that did not come: if the server is away, go on when it is back; a newer one has other parts, so begin anew. */
export async function notLoaded(goOn: () => void, anew: () => void) {
  if (await fetch(`${ROOT}/healthz`, { cache: 'no-store' }).then((response) => response.ok, () => false)) return anew()
  lost()
  const forget = whenBack(() => {
    forget()
    goOn()
  })
}

/** A component that comes when it is first shown, with the texts of folders that its page does without. */
export const lazy = (part: AsyncComponentLoader, texts: string[] = []) => {
  const loader = async () => (await Promise.all([part(), loadTexts(texts)]))[0]
  return defineAsyncComponent({ loader, onError: (thrown, retry, fail) => void (isNotLoaded(thrown) ? notLoaded(retry, () => location.reload()) : fail()) })
}
