/** How answers are to be: as the page holds it, which is text, and as a request has it. */
export type Settings = { system: string; temperature: string; maxTokens: string; topP: string; topK: string; seed: string }

export const USUAL: Settings = { system: '', temperature: '', maxTokens: '', topP: '', topK: '', seed: '' }

/** Bounds of the numbers, as the gateway has them. */
export const BOUNDS: Record<Exclude<keyof Settings, 'system'>, { min: number; max: number; step: number; usual: string }> = {
  temperature: { min: 0, max: 2, step: 0.1, usual: '1' },
  maxTokens: { min: 1, max: 1_000_000, step: 1, usual: '' },
  topP: { min: 0, max: 1, step: 0.05, usual: '1' },
  topK: { min: 1, max: 1_000_000, step: 1, usual: '' },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER, step: 1, usual: '' },
}
export const NUMBERS = Object.keys(BOUNDS) as (keyof typeof BOUNDS)[]

/** Numbers that were given, for a request. */
export function parametersOf(settings: Settings): Partial<Record<keyof typeof BOUNDS, number>> {
  const given = NUMBERS.filter((name) => settings[name].trim() !== '' && Number.isFinite(Number(settings[name])))
  return Object.fromEntries(given.map((name) => [name, Number(settings[name])]))
}
