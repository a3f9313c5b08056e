/** Texts in English and Korean: one file per folder and language, `<folder>/text/<language>.json`, loaded when first needed. */
import { watch } from 'vue'
import { createI18n, useI18n } from 'vue-i18n'
import { kept } from './kept'

export type Language = 'en' | 'ko'
export const LANGUAGES: Record<Language, string> = { en: 'English', ko: '한국어' }

type Texts = Record<string, unknown>
const files = import.meta.glob<Texts>('../*/text/*.json', { import: 'default' })
/** Loaded with the page: everything that every page shows. */
const ALWAYS = ['shell', 'atoms', 'lists', 'session']

const preferred: Language = navigator.languages?.[0]?.startsWith('ko') ? 'ko' : 'en'
export const language = kept<Language>('language', preferred, (text) => text in LANGUAGES)

export const i18n = createI18n<false>({
  legacy: false,
  locale: language.value,
  fallbackLocale: 'en',
  messages: {},
  missing: (_, key) => console.error(`no text for ${key}`),
})

const wanted = new Set<string>()
const loaded = new Set<string>()

/** Loads the texts of these folders in the language of the page. */
export async function loadTexts(folders: string[]) {
  for (const folder of folders) wanted.add(folder)
  await load(language.value)
}

async function load(now: Language) {
  const missing = [...wanted].filter((folder) => !loaded.has(`${folder}/${now}`) && files[`../${folder}/text/${now}.json`])
  await Promise.all(
    missing.map(async (folder) => {
      const texts = await files[`../${folder}/text/${now}.json`]()
      i18n.global.mergeLocaleMessage(now, { [folder]: said(texts) })
      loaded.add(`${folder}/${now}`)
    }),
  )
}

type Said = { named: (name: string) => unknown; plural: (forms: string[]) => string }

/** Texts as functions. They know `{name}` and `one | many`; so the compiler for more need not be in the page. */
function said(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, typeof value === 'string' ? functionOf(value) : said(value as Texts)]))
}

export function functionOf(text: string) {
  const forms = text.split(' | ')
  const filled = (form: string, say: Said) => form.replace(/\{(\w+)\}/g, (_, name: string) => String(say.named(name) ?? ''))
  if (forms.length === 1 && !text.includes('{')) return text
  return (say: Said) => filled(forms.length > 1 ? say.plural(forms) : text, say)
}

/** Loads what every page shows, and follows the choice of language. */
export async function startTexts() {
  await loadTexts(ALWAYS)
  const use = (now: Language) => {
    i18n.global.locale.value = now
    document.documentElement.lang = now
  }
  use(language.value)
  watch(language, async (now) => {
    await load(now)
    use(now)
  })
}

/** `t` for templates and scripts, always over all texts. */
export const useText = () => useI18n({ useScope: 'global' })
