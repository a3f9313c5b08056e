/** What the pages know of credentials. */
import type { Wire } from '@/api/types'
import type { Column } from '@/lists/types'

export type Credential = Wire<'Credential'>

export const credentialColumns: Column<Credential>[] = [
  { id: 'name', label: 'governance.name', width: 'minmax(200px, 2fr)', text: (one) => one.name },
  { id: 'origin', label: 'governance.origin', width: 'minmax(200px, 2fr)' },
  { id: 'ending', label: 'governance.ending', width: '110px' },
  { id: 'model', label: 'governance.ofModel', width: 'minmax(140px, 1fr)' },
  { id: 'by', label: 'governance.createdBy', width: 'minmax(110px, 1fr)', text: (one) => one.createdBy },
  { id: 'created', label: 'governance.created', width: '120px', right: true },
  { id: 'masterKey', label: 'governance.masterKey', width: '170px', extra: true },
  { id: 'do', label: 'governance.deleteCredential', width: '100px', right: true, quiet: true },
]

/** The models that are asked with a credential, by name and version. */
export const usersOf = (models: Wire<'Model'>[], { id }: Credential) =>
  models.filter(({ metadata }) => metadata.credentialId === id).map(({ name, version }) => `${name} ${version}`)
