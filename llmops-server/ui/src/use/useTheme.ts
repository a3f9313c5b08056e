/** Light, dark, or as the system has it; kept in this browser, followed live. */
import { computed, ref, watchEffect } from 'vue'
import { kept } from './kept'

export type Theme = 'system' | 'light' | 'dark'
export const THEMES: Theme[] = ['system', 'light', 'dark']

const theme = kept<Theme>('theme', 'system', (text) => THEMES.includes(text as Theme))
const system = matchMedia('(prefers-color-scheme: dark)')
const systemDark = ref(system.matches)
system.addEventListener('change', (event) => (systemDark.value = event.matches))

const dark = computed(() => theme.value === 'dark' || (theme.value === 'system' && systemDark.value))

export function startTheme() {
  watchEffect(() => (document.documentElement.dataset.theme = dark.value ? 'dark' : 'light'))
}

export const useTheme = () => ({ theme, dark })
