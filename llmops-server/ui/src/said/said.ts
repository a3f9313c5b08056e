/** What the server says, in the language of the page: it writes English, and what it writes is known by its sentences. */
import { shallowReactive } from 'vue'
import { language, type Language } from '@/use/texts'

type Say = (text: string) => string
const BOOKS: Partial<Record<Language, () => Promise<{ say: Say }>>> = { ko: () => import('./ko') }

/** Those that came. */
const open = shallowReactive(new Map<Language, Say>())
const asked = new Map<Language, Promise<void>>()

/** Has the sentences of a language come; they are part of no page, and most people need none. */
export function openBook(of: Language = language.value): Promise<void> {
  const book = BOOKS[of]
  if (!book) return Promise.resolve()
  const coming = asked.get(of) ?? book().then(({ say }) => void open.set(of, say), () => void asked.delete(of))
  asked.set(of, coming)
  return coming
}

/** Whether the page itself says this: in its own language, but for names. What the server says of something with a Korean name is English. */
const isOwn = (text: string) => !text || (/[가-힣]/.test(text) && !/[a-z] [a-z]/.test(text))

/** A sentence of the server in the language of the page. It follows the language; what is not known stays as it is. */
export function said(text: string): string {
  if (!BOOKS[language.value] || isOwn(text)) return text
  const say = open.get(language.value)
  if (!say) void openBook()
  return say ? say(text) : text
}
