/** What the command palette offers for what was typed. */
import { refDebounced } from '@/use/refDebounced'
import { Languages, Moon, Plus, Sun } from '@lucide/vue'
import { type Component, computed, type Ref, ref, watch } from 'vue'
import { useRouter } from 'vue-router'
import { may } from '@/api/session'
import { finders, isFor, navigation, router as all } from '@/router'
import { language, useText } from '@/use/texts'
import { useTheme } from '@/use/useTheme'
import { findAll } from './findAll'

export type Command = { id: string; label: string; icon: Component; keys?: string; more?: string; run: () => void }

export function useCommands(typed: Ref<string>) {
  const { t } = useText()
  const router = useRouter()
  const { theme, dark } = useTheme()
  const fits = (text: string) => text.toLowerCase().includes(typed.value.trim().toLowerCase())

  const pages = computed<Command[]>(() =>
    navigation.flatMap(({ pages }) => pages).filter(isFor).map((page) => ({
      id: page.path,
      label: t(`shell.nav.${String(page.name)}`),
      icon: page.meta.nav!.icon as Component,
      keys: page.meta.nav!.keys,
      run: () => void router.push(page.path),
    })),
  )
  const actions = computed<Command[]>(() => [
    ...all.getRoutes().filter((route) => route.meta.action && may(route.meta.action)).map((route) => ({
      id: route.path,
      label: t(`shell.actions.${String(route.name)}`),
      icon: Plus,
      run: () => void router.push(route.path),
    })),
    { id: 'theme', label: t('shell.otherTheme'), icon: dark.value ? Sun : Moon, run: () => (theme.value = dark.value ? 'light' : 'dark') },
    { id: 'language', label: language.value === 'ko' ? 'English' : '한국어', icon: Languages, run: () => (language.value = language.value === 'ko' ? 'en' : 'ko') },
  ])

  const found = ref<Command[]>([])
  const asked = refDebounced(typed, 150)
  watch(asked, async (text) => {
    const wanted = text.trim()
    if (wanted.length < 2) return (found.value = [])
    const hits = await findAll(wanted, finders.filter((finder) => may(finder.op)))
    if (wanted === typed.value.trim())
      found.value = hits.map((hit) => ({ id: hit.path, label: hit.label, more: hit.more, icon: hit.icon, run: () => void router.push(hit.path) }))
  })

  return computed(() =>
    [
      { label: t('shell.found'), commands: found.value },
      { label: t('shell.goTo'), commands: pages.value.filter((command) => fits(command.label)) },
      { label: t('shell.doThis'), commands: actions.value.filter((command) => fits(command.label)) },
    ].filter((group) => group.commands.length > 0),
  )
}
