/** The form of an export and the request it stands for. Pure. */
import type { Input } from '@/api/types'
import { needed } from '@/forms/useForm'
import { checks as shared, givenIn, type RegistryValues, registryIn, said } from '@/transfers/registry'

export type Values = RegistryValues & Record<'modelId' | 'message', string> & { private: boolean; prune: boolean }

/** What an address may fill in: the model that it is about, or an export that is to be made again. */
const ASKED = ['modelId', 'repo', 'revision', 'baseUrl', 'credentialId'] as const

export const valuesOf = (query: Record<string, unknown>): Values => ({ ...givenIn(query, ASKED), message: '', private: true, prune: false })

/** What is the platform's own choice is left to it. */
export const requestOf = (values: Values): Input<'catalog.export_model'> => ({
  modelId: values.modelId,
  ...registryIn(values),
  message: said(values.message),
  private: values.private ? undefined : false,
  prune: values.prune || undefined,
})

export const checks = { ...shared, modelId: needed }
