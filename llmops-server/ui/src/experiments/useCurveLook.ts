/** How curves are looked at, in the address: smoothing and a logarithmic scale. */
import { computed } from 'vue'
import { useUrlValue } from '@/use/useUrl'

export function useCurveLook() {
  const [smoothing, scale] = [useUrlValue('smooth', '0'), useUrlValue('scale', 'linear')]
  const smooth = computed({ get: () => Math.min(0.99, Math.max(0, Number(smoothing.value) || 0)), set: (now: number) => (smoothing.value = String(now)) })
  const log = computed({ get: () => scale.value === 'log', set: (now: boolean) => (scale.value = now ? 'log' : 'linear') })
  return { smooth, log }
}
