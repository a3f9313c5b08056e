/** Texts in English and Korean: one file per folder and language, `<folder>/text/<language>.json`, loaded when first needed. */
import { ref, shallowReactive, watch } from 'vue'
import { kept } from './kept'

export type Language = 'en' | 'ko'
export const LANGUAGES: Record<Language, string> = { en: 'English', ko: '한국어' }

type Texts = { [key: string]: string | Texts }
const files = import.meta.glob<Texts>('../*/text/*.json', { import: 'default' })
/** Loaded with the page: everything that every page shows. */
const ALWAYS = ['shell', 'atoms', 'lists', 'session', 'forms']

const preferred: Language = navigator.languages?.[0]?.startsWith('ko') ? 'ko' : 'en'
export const language = kept<Language>('language', preferred, (text) => text in LANGUAGES)
/** The language of the page: the chosen one as soon as its texts are there. */
const shown = ref<Language>(language.value)

/** Every text that was loaded, by `<language>/<folder>.<key>`. */
const known = shallowReactive(new Map<string, string>())
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
      keep(`${now}/${folder}`, await files[`../${folder}/text/${now}.json`]())
      loaded.add(`${folder}/${now}`)
    }),
  )
}

function keep(at: string, texts: Texts) {
  for (const [key, text] of Object.entries(texts)) {
    if (typeof text === 'string') known.set(`${at}.${key}`, text)
    else keep(`${at}.${key}`, text)
  }
}

type Fill = Record<string, unknown>

/** A text with its places filled in. One of `one | many` or `none | one | many` is chosen by the count, which is also `{n}`. */
export function filled(text: string, fill: Fill, count?: number): string {
  const forms = text.split(' | ')
  const amount = count ?? (typeof fill.n === 'number' ? fill.n : 1)
  const form = forms.length === 1 ? text : forms.length === 2 ? forms[amount === 1 ? 0 : 1] : forms[Math.min(amount, 2)]
  return form.replace(/\{(\w+)\}/g, (_, name: string) => String(fill[name] ?? (name === 'n' ? (count ?? '') : '')))
}

const find = (key: string) => known.get(`${shown.value}/${key}`) ?? known.get(`en/${key}`)
const te = (key: string) => find(key) !== undefined

function t(key: string, fill: Fill | number = {}, count?: number): string {
  const text = find(key)
  if (text === undefined) {
    console.error(`no text for ${key}`)
    return key
  }
  return typeof fill === 'number' ? filled(text, {}, fill) : filled(text, fill, count)
}

/** Loads what every page shows, and follows the choice of language. */
export async function startTexts() {
  await loadTexts(ALWAYS)
  const use = (now: Language) => {
    shown.value = now
    document.documentElement.lang = now
  }
  use(language.value)
  watch(language, async (now) => {
    await load(now)
    use(now)
  })
}

/** `t` says a text, `te` whether there is one. Both follow the language. */
export const useText = () => ({ t, te })
