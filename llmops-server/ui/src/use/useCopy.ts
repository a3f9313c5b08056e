/** Puts text on the clipboard and says so for a moment. */
import { ref } from 'vue'

export function useCopy() {
  const copied = ref(false)
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text).catch(() => byHand(text))
    copied.value = true
    setTimeout(() => (copied.value = false), 1500)
  }
  return { copied, copy }
}

/** For pages that are not served over HTTPS, where browsers keep the clipboard away. */
function byHand(text: string) {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'sr-only'
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
